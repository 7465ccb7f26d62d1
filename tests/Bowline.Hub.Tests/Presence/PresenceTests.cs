using System.Net;
using Bowline.Hub.Links;
using Bowline.Hub.Presence;
using Bowline.Hub.Tests.Support;

namespace Bowline.Hub.Tests.Presence;

public sealed class PresenceTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_node_that_links_is_shown_online_with_its_proof()
    {
        await using var hub = await HubFixture.StartAsync();
        using var device = await hub.EnrolAsync();
        using var client = hub.Operator();
        await using var events = await LinkEvents.OpenAsync(client);
        await using var node = await TestNode.StartAsync(hub, device);
        var link = await events.UntilAsync(l => l.GetProperty("state").GetString() == "online");
        Assert.Equal("desk", link.GetProperty("name").GetString());
        var evidence = link.GetProperty("evidence");
        Assert.True(evidence.GetProperty("method").GetString() is "probe" or "traffic");
        var probed = await events.UntilAsync(l => l.GetProperty("evidence").GetProperty("method").GetString() == "probe");
        Assert.True(probed.GetProperty("evidence").GetProperty("rttMs").GetDouble() > 0);
        Assert.Equal(probed.GetProperty("evidence").GetProperty("rttMs").GetDouble(), probed.GetProperty("roundTripMs").GetDouble());
        Assert.Equal(probed.GetProperty("evidence").GetProperty("at").GetDateTimeOffset(), probed.GetProperty("roundTripAt").GetDateTimeOffset());
        Assert.Equal("web", probed.GetProperty("services")[0].GetProperty("name").GetString());

        using var mine = await client.GetAsync("/api/links/me", Token);
        Assert.Equal(device.Id.ToString(), (await HubFixture.JsonAsync(mine)).GetProperty("deviceId").GetString());
        using var ping = await client.PostAsync("/api/links/desk/ping", null, Token);
        Assert.Equal("online", (await HubFixture.JsonAsync(ping)).GetProperty("state").GetString());
        using var byId = await client.GetAsync("/api/links/" + device.Id, Token);
        Assert.Equal(HttpStatusCode.OK, byId.StatusCode);
    }

    [Fact]
    public async Task A_goodbye_shows_within_a_quarter_of_a_second()
    {
        await using var hub = await HubFixture.StartAsync();
        using var device = await hub.EnrolAsync();
        using var client = hub.Operator();
        await using var events = await LinkEvents.OpenAsync(client);
        await using var node = await TestNode.StartAsync(hub, device);
        await events.UntilAsync(l => l.GetProperty("state").GetString() == "online");
        var start = TimeProvider.System.GetTimestamp();
        await node.SayAsync("goodbye");
        var link = await events.UntilAsync(l => l.GetProperty("state").GetString() != "online");
        Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromMilliseconds(250));
        Assert.Equal("offline", link.GetProperty("state").GetString());
        Assert.Equal("goodbye", link.GetProperty("evidence").GetProperty("method").GetString());
    }

    [Fact]
    public async Task A_lost_connection_shows_offline_with_the_closed_socket_as_proof()
    {
        await using var hub = await HubFixture.StartAsync();
        using var device = await hub.EnrolAsync();
        using var client = hub.Operator();
        await using var events = await LinkEvents.OpenAsync(client);
        await using var node = await TestNode.StartAsync(hub, device);
        await events.UntilAsync(l => l.GetProperty("state").GetString() == "online");
        var start = TimeProvider.System.GetTimestamp();
        hub.Get<BridgeRegistry>().CloseAll(device.Id, BridgeEnd.NodeClosed);
        var link = await events.UntilAsync(l => l.GetProperty("state").GetString() == "offline");
        Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(1));
        Assert.True(link.GetProperty("evidence").GetProperty("method").GetString() is "disconnected" or "no-responders");
        await events.UntilAsync(l => l.GetProperty("state").GetString() == "online"); // It dials again by itself.
    }

    [Fact]
    public async Task A_device_nobody_serves_is_offline_by_no_responders()
    {
        await using var hub = await HubFixture.StartAsync();
        using var device = await hub.EnrolAsync();
        using var client = hub.Operator();
        using var ping = await client.PostAsync("/api/links/desk/ping", null, Token);
        var json = await HubFixture.JsonAsync(ping);
        Assert.Equal("offline", json.GetProperty("state").GetString());
        Assert.Equal("no-responders", json.GetProperty("evidence").GetProperty("method").GetString());
        using var me = await client.GetAsync("/api/links/me", Token);
        Assert.Equal("null", await me.Content.ReadAsStringAsync(Token));
        using var disconnect = await client.PostAsync("/api/links/desk/disconnect", null, Token);
        Assert.Equal(HttpStatusCode.BadGateway, disconnect.StatusCode);
        Assert.Equal("urn:bowline:tunnel:offline", (await HubFixture.JsonAsync(disconnect)).GetProperty("type").GetString());
    }

    [Fact]
    public async Task A_revoked_device_leaves_the_list_and_the_stream()
    {
        await using var hub = await HubFixture.StartAsync();
        using var device = await hub.EnrolAsync();
        using var client = hub.Operator();
        await using var events = await LinkEvents.OpenAsync(client);
        using var revoked = await client.DeleteAsync("/api/links/desk", Token);
        Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
        Assert.Equal(device.Id.ToString(), (await events.UntilAsync("removed", _ => true)).GetProperty("deviceId").GetString());
        using var list = await client.GetAsync("/api/links", Token);
        Assert.Equal(0, (await HubFixture.JsonAsync(list)).GetArrayLength());
        using var gone = await client.GetAsync("/api/links/desk", Token);
        await HubFixture.IsProblemAsync(gone, 404, "not_found");
    }

    [Fact]
    public async Task Disconnect_tells_the_node_to_stop()
    {
        await using var hub = await HubFixture.StartAsync();
        using var device = await hub.EnrolAsync();
        await using var node = await TestNode.StartAsync(hub, device);
        using var client = hub.Operator();
        using var response = await client.PostAsync("/api/links/desk/disconnect", null, Token);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Contains("POST /api/links/control", node.Status.Seen);
    }

    [Fact]
    public void Event_streams_are_bounded_per_account()
    {
        using var lifetime = new StubLifetime();
        var streams = new EventStreams(lifetime);
        var places = Enumerable.Range(0, EventStreams.PerAccount).Select(_ => streams.TryEnter("a")).ToList();
        Assert.All(places, Assert.NotNull);
        Assert.Null(streams.TryEnter("a"));
        Assert.NotNull(streams.TryEnter("b"));
        places[0]!.Dispose();
        places[0]!.Dispose();
        Assert.NotNull(streams.TryEnter("a"));
        Assert.Null(streams.TryEnter("a"));
    }

    [Theory]
    [InlineData("""{"event":"goodbye"}""", "goodbye")]
    [InlineData("""{"event":"here","reason":"Resume"}""", "here")]
    [InlineData("""{"event":7}""", null)]
    [InlineData("goodbye", null)]
    [InlineData("", null)]
    public void Messages_of_nodes_are_read_with_care(string payload, string? expected) =>
        Assert.Equal(expected, LinkTunnel.EventOf(System.Text.Encoding.UTF8.GetBytes(payload)));

    private sealed class StubLifetime : Microsoft.Extensions.Hosting.IHostApplicationLifetime, IDisposable
    {
        public CancellationToken ApplicationStarted => default;

        public CancellationToken ApplicationStopping => default;

        public CancellationToken ApplicationStopped => default;

        public void StopApplication()
        {
        }

        public void Dispose()
        {
        }
    }
}
