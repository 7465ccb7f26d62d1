using Bowline.Core.Identity;
using Bowline.Node.HubAccess;
using Bowline.Node.Link;
using Bowline.Node.Tests.Fakes;

namespace Bowline.Node.Tests.HubAccess;

public sealed class SessionSourceTests : IDisposable
{
    private readonly DeviceKey _key = DeviceKey.Create();
    private readonly HttpClient _http = new();
    private string? _owner;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _key.Dispose();
        _http.Dispose();
    }

    [Fact]
    public async Task A_session_is_for_a_key_of_its_own_and_lives_as_the_hub_says()
    {
        await using var hub = await HubAsync();
        var source = Source(hub);
        var first = await source.FetchAsync(Token);
        var second = await source.FetchAsync(Token);
        Assert.NotEqual(first.Seed, second.Seed);
        Assert.InRange(first.Life, TimeSpan.FromMinutes(14.8), TimeSpan.FromMinutes(15.2));
        Assert.Equal("owner-1", _owner);
        Assert.StartsWith("U", hub.Sessions[0]["publicKey"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.DoesNotContain("runs", hub.Sessions[0]["capabilities"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Empty(hub.Refusals);
    }

    [Theory]
    [InlineData(3600)]
    [InlineData(-86400)]
    public async Task A_wrong_clock_on_this_machine_costs_one_refused_token_and_no_more(int secondsAhead)
    {
        await using var hub = await HubAsync();
        hub.Ahead = TimeSpan.FromSeconds(secondsAhead);
        var source = Source(hub);
        var session = await source.FetchAsync(Token);
        Assert.InRange(session.Life, TimeSpan.FromMinutes(14.8), TimeSpan.FromMinutes(15.2));
        await source.FetchAsync(Token);
        Assert.Equal(["token_expired"], hub.Refusals);
    }

    [Fact]
    public async Task A_revoked_device_is_told_apart_from_a_refused_token()
    {
        await using var hub = await HubAsync();
        hub.Devices.Clear();
        var failure = await Assert.ThrowsAsync<NodeException>(() => Source(hub).FetchAsync(Token));
        Assert.Equal(NodeError.DeviceUnknown, failure.Error);
    }

    [Fact]
    public async Task A_hub_without_NATS_is_unavailable_not_gone()
    {
        await using var hub = await HubAsync();
        hub.Unavailable = true;
        var failure = await Assert.ThrowsAsync<NodeException>(() => Source(hub).FetchAsync(Token));
        Assert.Equal(NodeError.HubUnavailable, failure.Error);
    }

    private async Task<FakeHub> HubAsync()
    {
        var hub = await FakeHub.StartAsync();
        hub.Devices.Add(_key.Id.ToString());
        return hub;
    }

    private SessionSource Source(FakeHub hub)
    {
        var clock = new HubClock(TimeProvider.System);
        var api = new HubApi(_http, hub.Url, clock);
        return new SessionSource(api, new DeviceTokenMaker(_key, api.Origin, clock), new NodeOptions { MachineName = "Desk" }, owner => _owner = owner);
    }
}
