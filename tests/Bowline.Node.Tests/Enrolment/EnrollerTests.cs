using Bowline.Node.Enrolment;
using Bowline.Node.Tests.Fakes;

namespace Bowline.Node.Tests.Enrolment;

public sealed class EnrollerTests : IDisposable
{
    private readonly TestHome _home = new();
    private readonly HttpClient _http = new();

    private Enroller Enroller => new(_home.Folder, _http, TimeProvider.System);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _http.Dispose();
        _home.Dispose();
    }

    [Fact]
    public async Task Joining_proves_the_key_and_keeps_what_the_hub_answered()
    {
        await using var hub = await FakeHub.StartAsync();
        var record = await Enroller.JoinAsync(hub.Url, $" {FakeHub.Code}\n", "Desk", Token);
        Assert.Equal("desk", record.Name);
        Assert.Contains(record.DeviceId, hub.Devices);
        Assert.Equal(record, HubRecordFile.Read(_home.Folder));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_home.Folder.HubFile));
    }

    [Fact]
    public async Task A_wrong_code_is_refused_and_nothing_is_kept()
    {
        await using var hub = await FakeHub.StartAsync();
        var failure = await Assert.ThrowsAsync<NodeException>(() => Enroller.JoinAsync(hub.Url, "NO-SUCH", "Desk", Token));
        Assert.Equal(NodeError.CodeInvalid, failure.Error);
        Assert.Null(HubRecordFile.Read(_home.Folder));
    }

    [Fact]
    public async Task A_hub_that_is_not_there_is_unreachable()
    {
        var failure = await Assert.ThrowsAsync<NodeException>(() => Enroller.JoinAsync(new Uri("http://127.0.0.1:1"), "X", "Desk", Token));
        Assert.Equal(NodeError.HubUnreachable, failure.Error);
        Assert.Contains("refused", failure.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Leaving_tells_the_hub_and_forgets_it()
    {
        await using var hub = await FakeHub.StartAsync();
        await Enroller.JoinAsync(hub.Url, FakeHub.Code, "Desk", Token);
        var (left, told) = await Enroller.LeaveAsync(evenIfUnreachable: false, Token);
        Assert.True(told);
        Assert.Equal("Test hub", left.HubName);
        Assert.Empty(hub.Devices);
        Assert.Null(HubRecordFile.Read(_home.Folder));
    }

    [Fact]
    public async Task Leaving_a_hub_that_is_away_needs_force_and_says_that_it_was_not_told()
    {
        var hub = await FakeHub.StartAsync();
        await Enroller.JoinAsync(hub.Url, FakeHub.Code, "Desk", Token);
        await hub.DisposeAsync();
        var failure = await Assert.ThrowsAsync<NodeException>(() => Enroller.LeaveAsync(evenIfUnreachable: false, Token));
        Assert.Equal(NodeError.HubUnreachable, failure.Error);
        Assert.NotNull(HubRecordFile.Read(_home.Folder));
        Assert.False((await Enroller.LeaveAsync(evenIfUnreachable: true, Token)).Told);
        Assert.Null(HubRecordFile.Read(_home.Folder));
    }

    [Fact]
    public async Task Leaving_without_a_hub_says_so() =>
        Assert.Equal(NodeError.NotJoined, (await Assert.ThrowsAsync<NodeException>(() => Enroller.LeaveAsync(false, Token))).Error);

    [Fact]
    public async Task Enrolled_is_true_only_while_the_hub_knows_the_device()
    {
        await using var hub = await FakeHub.StartAsync();
        Assert.False(await Enroller.IsEnrolledAsync(hub.Url, Token));
        await Enroller.JoinAsync(hub.Url, FakeHub.Code, "Desk", Token);
        Assert.True(await Enroller.IsEnrolledAsync(hub.Url, Token));
        hub.Devices.Clear();
        Assert.False(await Enroller.IsEnrolledAsync(hub.Url, Token));
    }

    [Fact]
    public void A_damaged_record_is_refused_with_what_to_do()
    {
        Directory.CreateDirectory(_home.Folder.Root);
        File.WriteAllText(_home.Folder.HubFile, "{\"url\":");
        var failure = Assert.Throws<NodeException>(() => HubRecordFile.Read(_home.Folder));
        Assert.Equal(NodeError.FolderUnusable, failure.Error);
        Assert.Contains("join the hub again", failure.Message, StringComparison.Ordinal);
    }
}
