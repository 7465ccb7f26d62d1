using Bowline.Node.Control;
using Bowline.Node.Enrolment;
using Bowline.Node.Tests.Fakes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Bowline.Node.Tests.Control;

public sealed class ControlApiTests : IAsyncLifetime
{
    private readonly TestHome _home = new();
    private readonly HttpClient _http = new();
    private FakeHub _hub = null!;
    private IHost _host = null!;
    private ControlClient _client = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _hub = await FakeHub.StartAsync();
        _hub.Unavailable = true;
        await new Enroller(_home.Folder, _http, TimeProvider.System).JoinAsync(_hub.Url, FakeHub.Code, "Desk", Token);
        _host = Host();
        await _host.StartAsync(Token);
        _client = new ControlClient(_home.Folder);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _host.StopAsync(CancellationToken.None);
        _host.Dispose();
        await _hub.DisposeAsync();
        _http.Dispose();
        _home.Dispose();
    }

    [Fact]
    public async Task Status_names_the_node_its_hub_and_its_link()
    {
        var status = await _client.StatusAsync(Token);
        Assert.Equal("desk", status.Hub.NodeName);
        Assert.Equal(_hub.Url, status.Hub.Url);
        Assert.Equal("connecting", status.Link.State);
        Assert.Equal(Environment.ProcessId, status.ProcessId);
        Assert.Empty(status.Services);
    }

    [Fact]
    public void The_socket_is_the_owners_alone() =>
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_home.Folder.ControlSocket) & (UnixFileMode)511);

    [Fact]
    public async Task Whoever_stops_it_second_waits_for_the_same_end()
    {
        var service = _host.Services.GetRequiredService<NodeService>();
        var first = service.StopAsync(Token);
        Assert.Same(first, service.StopAsync(Token));
        await first;
        Assert.False(File.Exists(_home.Folder.ControlSocket));
    }

    [Fact]
    public async Task A_service_lives_as_long_as_the_command_that_made_it()
    {
        using var command = new CancellationTokenSource();
        var lines = _client.ExposeAsync(new ExposeRequest("web", "http://127.0.0.1:3000", Keep: false, Inspect: true), command.Token).GetAsyncEnumerator(Token);
        Assert.True(await lines.MoveNextAsync());
        Assert.Equal("web", lines.Current.Service!.Name);
        Assert.Equal("desk", lines.Current.Node);
        Assert.Equal(["web"], (await _client.StatusAsync(Token)).Services.Select(service => service.Name));
        Assert.False(File.Exists(_home.Folder.ServicesFile) && (await File.ReadAllTextAsync(_home.Folder.ServicesFile, Token)).Contains("web", StringComparison.Ordinal));
        await command.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await lines.MoveNextAsync());
        await WaitAsync(async () => (await _client.StatusAsync(Token)).Services.Count == 0);
    }

    [Fact]
    public async Task A_kept_service_outlives_its_command_and_a_restart()
    {
        await ExposeAsync("web", "http://127.0.0.1:3000", keep: true);
        await _host.StopAsync(Token);
        _host.Dispose();
        _host = Host();
        await _host.StartAsync(Token);
        var service = Assert.Single((await _client.StatusAsync(Token)).Services);
        Assert.True(service.Kept);
        Assert.Equal(new Uri("http://127.0.0.1:3000"), service.Target);
        await _client.RemoveAsync("web", Token);
        Assert.Empty((await _client.StatusAsync(Token)).Services);
    }

    [Fact]
    public async Task A_name_that_is_taken_by_another_target_is_refused()
    {
        await ExposeAsync("web", "http://127.0.0.1:3000", keep: true);
        var failure = await Assert.ThrowsAsync<NodeException>(() => ExposeAsync("web", "http://127.0.0.1:4000", keep: true));
        Assert.Equal(NodeError.ServiceConflict, failure.Error);
        Assert.Contains("3000", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_belongs_to_the_command_that_has_it()
    {
        var first = await HoldAsync("web", 3000, replace: false);
        var failure = await Assert.ThrowsAsync<NodeException>(() => HoldAsync("web", 3000, replace: false));
        Assert.Equal(NodeError.ServiceConflict, failure.Error);
        Assert.Contains($"process {Environment.ProcessId}", failure.Message, StringComparison.Ordinal);
        Assert.Contains("--replace", failure.Message, StringComparison.Ordinal);
        await first.DisposeAsync();
        await WaitAsync(async () => (await _client.StatusAsync(Token)).Services.Count == 0);
        await (await HoldAsync("web", 3000, replace: false)).DisposeAsync();
    }

    [Fact]
    public async Task A_replaced_command_hears_of_it_and_its_end_leaves_the_new_one_alone()
    {
        var first = await HoldAsync("web", 3000, replace: false);
        var second = await HoldAsync("web", 4000, replace: true);
        var failure = await Assert.ThrowsAsync<NodeException>(() => first.MoveNextAsync().AsTask());
        Assert.Equal(NodeError.ServiceConflict, failure.Error);
        Assert.Contains("was taken by another bowline expose", failure.Message, StringComparison.Ordinal);
        await first.DisposeAsync();
        var third = await HoldAsync("other", 3000, replace: false); // A round trip after the end of the first.
        Assert.Equal(["other", "web"], (await _client.StatusAsync(Token)).Services.Select(service => service.Name));
        Assert.Equal(new Uri("http://127.0.0.1:4000"), (await _client.StatusAsync(Token)).Services[1].Target);
        await second.DisposeAsync();
        await WaitAsync(async () => (await _client.StatusAsync(Token)).Services.Count == 1);
        await third.DisposeAsync();
    }

    [Fact]
    public async Task A_removed_service_ends_the_command_that_made_it()
    {
        var held = await HoldAsync("web", 3000, replace: false);
        await _client.RemoveAsync("web", Token);
        var failure = await Assert.ThrowsAsync<NodeException>(() => held.MoveNextAsync().AsTask());
        Assert.Contains("--remove", failure.Message, StringComparison.Ordinal);
        await held.DisposeAsync();
    }

    [Theory]
    [InlineData("Web", "http://127.0.0.1:3000")]
    [InlineData("we--b", "http://127.0.0.1:3000")]
    [InlineData("$node", "http://127.0.0.1:3000")]
    [InlineData("web", "ftp://127.0.0.1")]
    [InlineData("web", "/etc/passwd")]
    [InlineData("web", "http://user:secret@127.0.0.1")]
    public async Task Unusable_names_and_targets_are_refused(string name, string target)
    {
        var failure = await Assert.ThrowsAsync<NodeException>(() => ExposeAsync(name, target, keep: false));
        Assert.Equal(NodeError.ServiceInvalid, failure.Error);
    }

    [Fact]
    public async Task Removing_what_is_not_there_says_so() =>
        Assert.Equal(NodeError.ServiceConflict, (await Assert.ThrowsAsync<NodeException>(() => _client.RemoveAsync("nope", Token))).Error);

    [Fact]
    public async Task A_second_node_on_the_folder_is_refused()
    {
        using var second = Host();
        var failure = await Assert.ThrowsAsync<NodeException>(() => second.StartAsync(Token));
        Assert.Equal(NodeError.AlreadyRunning, failure.Error);
    }

    [Fact]
    public async Task Leaving_tells_the_hub_and_ends_the_process()
    {
        var ending = EndingAsync();
        var result = await _client.LeaveAsync(evenIfUnreachable: false, Token);
        Assert.True(result.Told);
        Assert.Empty(_hub.Devices);
        await ending;
    }

    [Fact]
    public async Task Stopping_ends_the_process_and_removes_the_socket()
    {
        var ending = EndingAsync();
        await _client.StopAsync(Token);
        await ending;
        await _host.StopAsync(Token);
        Assert.False(File.Exists(_home.Folder.ControlSocket));
        var failure = await Assert.ThrowsAsync<NodeException>(() => _client.StatusAsync(Token));
        Assert.Equal(NodeError.NotRunning, failure.Error);
    }

    private async Task EndingAsync()
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(() => ended.TrySetResult());
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(10), Token);
    }

    private async Task<IAsyncEnumerator<ExposeLine>> HoldAsync(string name, int port, bool replace)
    {
        var request = new ExposeRequest(name, $"http://127.0.0.1:{port}", Keep: false, Inspect: false, Replace: replace, ProcessId: Environment.ProcessId);
        var lines = _client.ExposeAsync(request, Token).GetAsyncEnumerator(Token);
        Assert.True(await lines.MoveNextAsync());
        return lines;
    }

    private async Task ExposeAsync(string name, string target, bool keep)
    {
        await foreach (var line in _client.ExposeAsync(new ExposeRequest(name, target, keep, Inspect: false), Token))
        {
            Assert.NotNull(line.Service);
            return;
        }
    }

    private static async Task WaitAsync(Func<Task<bool>> condition)
    {
        // Each look is a round trip to the node; the end of the test's patience is the end of the wait.
        var patience = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(patience) < TimeSpan.FromSeconds(10), "The condition did not come true.");
        }
    }

    private IHost Host()
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddLogging();
        builder.Services.AddBowlineNode(new NodeOptions { Folder = _home.Folder, MachineName = "Desk" });
        return builder.Build();
    }
}
