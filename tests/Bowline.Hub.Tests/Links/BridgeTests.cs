using System.Net;
using System.Net.WebSockets;
using Bowline.Core.Identity;
using Bowline.Hub.Devices;
using Bowline.Hub.Links;
using Bowline.Hub.NatsServer;
using Bowline.Hub.Tests.Support;
using Bowline.Nats;
using Bowline.Nats.Jwt;

namespace Bowline.Hub.Tests.Links;

public sealed class BridgeTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_unknown_device_is_refused_before_a_byte_reaches_nats()
    {
        await using var hub = await HubFixture.StartAsync();
        using var stranger = new TestDevice(hub, DeviceKey.Create());
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", "Bearer " + stranger.Token());
        socket.Options.CollectHttpResponseDetails = true;
        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(new Uri($"ws://{hub.App.Url.Authority}/nats"), Token));
        Assert.Equal(HttpStatusCode.Unauthorized, socket.HttpStatusCode);
        Assert.Equal(0, hub.Get<BridgeRegistry>().Count);
    }

    [Fact]
    public async Task A_plain_request_is_told_to_upgrade()
    {
        await using var hub = await HubFixture.StartAsync();
        using var device = await hub.EnrolAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/nats") { Headers = { Authorization = new("Bearer", device.Token()) } };
        using var response = await hub.Http.SendAsync(request, Token);
        await HubFixture.IsProblemAsync(response, 426, "upgrade_required");
    }

    [Fact]
    public async Task Revoking_a_device_closes_its_sockets_within_a_second_and_leaves_others_alone()
    {
        await using var hub = await HubFixture.StartAsync();
        using var device = await hub.EnrolAsync();
        using var other = await hub.EnrolAsync();
        using var first = await device.ConnectAsync();
        using var second = await device.ConnectAsync();
        using var bystander = await other.ConnectAsync();
        await first.FlushAsync();
        await second.FlushAsync();
        var closed = new TaskCompletionSource<BridgeClosedEventArgs>(TaskCreationOptions.RunContinuationsAsynchronously);
        hub.Get<BridgeRegistry>().Closed += (_, e) =>
        {
            if (e.WasLast)
            {
                closed.TrySetResult(e);
            }
        };
        var start = TimeProvider.System.GetTimestamp();
        Assert.Equal(RevocationEffect.AtOnce, await hub.Get<DeviceRevocation>().RevokeAsync(device.Id, "test", "here"));
        await EndsAsync(first);
        await EndsAsync(second);
        Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(1));
        var last = await closed.Task.WaitAsync(TimeSpan.FromSeconds(5), Token);
        Assert.Equal((device.Id, BridgeEnd.Revoked), (last.Device, last.Reason));
        Assert.Empty(await bystander.FlushAsync());
        await Assert.ThrowsAsync<WebSocketException>(() => device.OpenBridgeAsync());
    }

    [Fact]
    public async Task A_revocation_also_ends_connections_that_do_not_pass_the_bridge_and_outlives_a_restart()
    {
        await using var hub = await HubFixture.StartAsync();
        using var device = await hub.EnrolAsync();
        using var other = await hub.EnrolAsync();
        var nats = hub.Get<EmbeddedNats>();
        var creds = new NatsCreds(await device.CredentialsAsync(), device.User.Seed);
        await using var direct = await NatsDial.ConnectAsync(nats.Url!, creds, Token);
        await using var bystander = await NatsDial.ConnectAsync(nats.Url!, new NatsCreds(await other.CredentialsAsync(), other.User.Seed), Token);
        var cut = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        direct.ConnectionDisconnected += (_, _) =>
        {
            cut.TrySetResult();
            return ValueTask.CompletedTask;
        };
        Assert.Equal(RevocationEffect.AtOnce, await hub.Get<DeviceRevocation>().RevokeAsync(device.Id, "test", "here"));
        await cut.Task.WaitAsync(TimeSpan.FromSeconds(1), Token);
        await Assert.ThrowsAnyAsync<NatsException>(() => NatsDial.ConnectAsync(nats.Url!, creds, Token));
        await bystander.PingAsync(Token);

        var pid = nats.ProcessId!.Value;
        using var addresses = new AddressWatch(nats);
        Assert.True(UnixProcess.Signal(pid, UnixProcess.Kill));
        Assert.Null(await addresses.NextAsync());
        Assert.NotNull(await addresses.NextAsync());

        await Assert.ThrowsAnyAsync<NatsException>(() => NatsDial.ConnectAsync(nats.Url!, creds, Token));
    }

    [Fact]
    public async Task A_closed_socket_raises_the_event_at_once()
    {
        await using var hub = await HubFixture.StartAsync();
        using var device = await hub.EnrolAsync();
        var closed = new TaskCompletionSource<BridgeClosedEventArgs>(TaskCreationOptions.RunContinuationsAsynchronously);
        hub.Get<BridgeRegistry>().Closed += (_, e) => closed.TrySetResult(e);
        var nats = await device.ConnectAsync();
        await nats.FlushAsync();
        nats.Dispose();
        var e = await closed.Task.WaitAsync(TimeSpan.FromSeconds(5), Token);
        Assert.Equal((device.Id, BridgeEnd.NodeClosed, true), (e.Device, e.Reason, e.WasLast));
    }

    [Fact]
    public async Task An_expired_credential_is_refused_and_an_open_connection_ends_with_it()
    {
        await using var hub = await HubFixture.StartAsync(o => o.LinkSessionLife = HubOptions.ShortestLinkSessionLife);
        using var device = await hub.EnrolAsync();
        hub.Time.Advance(TimeSpan.FromSeconds(2) - HubOptions.ShortestLinkSessionLife); // Two seconds are left by the server's clock.
        var credentials = await device.CredentialsAsync();
        using var open = await device.ConnectAsync(credentials);
        Assert.Empty(await open.FlushAsync());
        Assert.StartsWith("-ERR 'User Authentication Expired'", await open.LineAsync(), StringComparison.Ordinal);
        using var late = await device.ConnectAsync(credentials);
        Assert.Matches("^-ERR '(Authorization Violation|User Authentication Expired)'", await late.LineAsync());
    }

    [Fact]
    public async Task The_oldest_socket_of_a_device_makes_room_for_a_fifth()
    {
        await using var hub = await HubFixture.StartAsync();
        using var device = await hub.EnrolAsync();
        var sockets = new List<RawNats>();
        for (var i = 0; i < 5; i++)
        {
            sockets.Add(await device.ConnectAsync());
            await sockets[^1].FlushAsync();
        }

        await EndsAsync(sockets[0]);
        Assert.Equal(4, hub.Get<BridgeRegistry>().Count);
        Assert.Empty(await sockets[4].FlushAsync());
        sockets.ForEach(s => s.Dispose());
    }

    [Fact]
    public void A_full_hub_takes_no_more_bridges()
    {
        var registry = new BridgeRegistry(perDevice: 4, total: 2);
        using var a = DeviceKey.Create();
        using var b = DeviceKey.Create();
        using var abort = new CancellationTokenSource();
        Assert.NotNull(registry.TryAdd(a.Id, abort));
        Assert.NotNull(registry.TryAdd(b.Id, abort));
        Assert.Null(registry.TryAdd(b.Id, abort));
    }

    private static async Task EndsAsync(RawNats nats)
    {
        try
        {
            while (await nats.LineAsync() != "CLOSED")
            {
            }
        }
        catch (WebSocketException e)
        {
            Assert.Equal(WebSocketError.ConnectionClosedPrematurely, e.WebSocketErrorCode);
        }
    }
}
