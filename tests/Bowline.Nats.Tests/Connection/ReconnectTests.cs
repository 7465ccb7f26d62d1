using System.Diagnostics;
using Bowline.Nats.Tests.Support;
using Bowline.Testing.NatsServers;
using Bowline.Testing.Network;

namespace Bowline.Nats.Tests.Connection;

public sealed class ReconnectTests
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_restart_during_publishing_loses_nothing_confirmed_and_fails_typed()
    {
        await using var server = await NatsServerProcess.StartAsync(cancellationToken: Ct);
        await using var publisher = server.Connection();
        await using var subscriber = server.Connection();
        await using var sub = await subscriber.SubscribeCoreAsync<byte[]>("work", cancellationToken: Ct);
        var events = new Collector(publisher);
        var resubscribed = new Collector(subscriber);
        await publisher.ConnectAsync(Ct);
        var confirmed = new HashSet<int>();
        var failures = new List<Exception>();
        var confirmedBefore = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var stop = new CancellationTokenSource();
        var publishing = Task.Run(
            async () =>
            {
                for (var i = 0; !stop.IsCancellationRequested; i++)
                {
                    try
                    {
                        await publisher.PublishAsync("work", BitConverter.GetBytes(i), opts: new() { Confirm = true }, cancellationToken: Ct);
                        confirmed.Add(i);
                        if (confirmed.Count == 100)
                        {
                            confirmedBefore.TrySetResult();
                        }
                    }
                    catch (Exception e)
                    {
                        failures.Add(e);
                        await publisher.WaitWritableAsync(Ct);
                    }
                }
            },
            Ct);
        await confirmedBefore.Task.WaitAsync(Ct);

        await server.StopAsync(Ct);
        await events.NextAsync("disconnected", Ct);
        await server.RestartAsync(Ct);
        await events.NextAsync("opened", Ct);
        await resubscribed.NextAsync("opened", Ct);
        await subscriber.PingAsync(Ct);
        await stop.CancelAsync();
        await publishing;
        await publisher.PublishAsync("work", BitConverter.GetBytes(-1), opts: new() { WaitUntilConnected = true, Confirm = true }, cancellationToken: Ct);

        // A subscriber may be away while the publisher is back, so what was confirmed in that gap is the server's, not ours.
        var received = new List<int>();
        while (!received.Contains(-1))
        {
            received.Add(BitConverter.ToInt32((await sub.Msgs.ReadAsync(Ct)).Data!));
        }

        Assert.All(failures, e => Assert.IsType<NatsDisconnectedException>(e));
        Assert.NotEmpty(failures);
        Assert.Equal(received.Order().Skip(1), received.Order().Skip(1).Distinct());
        Assert.Empty(confirmed.Order().Take(100).Except(received));
    }

    [Fact]
    public async Task Subscriptions_and_their_limits_survive_a_reconnect()
    {
        await using var server = await NatsServerProcess.StartAsync(cancellationToken: Ct);
        await using var connection = server.Connection();
        await using var sub = await connection.SubscribeCoreAsync<string>("limited", opts: new() { MaxMsgs = 3 }, cancellationToken: Ct);
        var events = new Collector(connection);
        await connection.PublishAsync("limited", "1", opts: new() { Confirm = true }, cancellationToken: Ct);

        await server.RestartAsync(Ct);
        await events.NextAsync("disconnected", Ct);
        await events.NextAsync("opened", Ct);
        for (var i = 2; i <= 5; i++)
        {
            await connection.PublishAsync("limited", $"{i}", opts: new() { Confirm = true }, cancellationToken: Ct);
        }

        Assert.Equal(["1", "2", "3"], await sub.Msgs.ReadAllAsync(Ct).Select(m => m.Data).ToListAsync(Ct));
    }

    [Fact]
    public async Task A_half_open_connection_is_noticed_by_pings_and_replaced()
    {
        await using var server = await NatsServerProcess.StartAsync(cancellationToken: Ct);
        await using var proxy = FaultProxy.Start(server.Port);
        await using var connection = server.Connection(o => o with { Url = $"nats://127.0.0.1:{proxy.Port}", PingInterval = TimeSpan.FromMilliseconds(100) });
        await using var sub = await connection.SubscribeCoreAsync<string>("x", cancellationToken: Ct);
        var events = new Collector(connection);
        var pending = connection.RequestAsync<string, string>("x", "unanswered", cancellationToken: Ct).AsTask();
        await sub.Msgs.ReadAsync(Ct);
        var start = Stopwatch.StartNew();

        proxy.StrandExisting();

        var reason = await events.NextAsync("disconnected", Ct);
        await events.NextAsync("opened", Ct);
        Assert.Contains("PING", Assert.IsType<NatsDisconnectedException>(reason).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<NatsDisconnectedException>(() => pending);
        Assert.InRange(start.Elapsed.TotalMilliseconds, 100, 5000);
        await connection.PublishAsync("x", "again", cancellationToken: Ct);
        Assert.Equal("again", (await sub.Msgs.ReadAsync(Ct)).Data);
    }

    [Fact]
    public async Task While_disconnected_publishing_fails_at_once_or_waits_as_asked()
    {
        await using var server = await NatsServerProcess.StartAsync(cancellationToken: Ct);
        await using var connection = server.Connection();
        var events = new Collector(connection);
        await using var sub = await connection.SubscribeCoreAsync<string>("x", cancellationToken: Ct);
        await server.KillAsync(Ct);
        await events.NextAsync("disconnected", Ct);

        await Assert.ThrowsAsync<NatsDisconnectedException>(async () => await connection.PublishAsync("x", "lost", cancellationToken: Ct));
        await Assert.ThrowsAsync<NatsDisconnectedException>(async () => await connection.RequestAsync<string, string>("x", "lost", cancellationToken: Ct));
        Assert.False(connection.TryPublish("x"u8, default, "lost"u8, default));
        Assert.Equal(NatsConnectionState.Reconnecting, connection.ConnectionState);
        var waiting = connection.PublishAsync("x", "kept", opts: new() { WaitUntilConnected = true }, cancellationToken: Ct);
        Assert.False(waiting.IsCompleted);
        await server.RestartAsync(Ct);
        await waiting;

        Assert.Equal("kept", (await sub.Msgs.ReadAsync(Ct)).Data);
    }

    [Fact]
    public async Task A_first_connect_that_fails_is_typed_or_retried_as_asked()
    {
        await using var server = await NatsServerProcess.StartAsync(cancellationToken: Ct);
        await server.KillAsync(Ct);
        await using var impatient = server.Connection();
        await Assert.ThrowsAsync<NatsConnectionFailedException>(async () => await impatient.ConnectAsync(Ct));

        await using var patient = server.Connection(o => o with { RetryOnInitialConnect = true });
        var opening = patient.ConnectAsync(Ct);
        await server.RestartAsync(Ct);
        await opening;

        Assert.Equal(NatsConnectionState.Open, patient.ConnectionState);
        await impatient.ConnectAsync(Ct);
        Assert.Equal(NatsConnectionState.Open, impatient.ConnectionState);
    }

    [Fact]
    public async Task Lame_duck_mode_moves_to_another_server_before_the_first_is_gone()
    {
        await using var leaving = await NatsServerProcess.StartAsync(cancellationToken: Ct);
        await using var staying = await NatsServerProcess.StartAsync(cancellationToken: Ct);
        await using var connection = leaving.Connection(o => o with { Url = $"{leaving.Url},{staying.Url}" });
        var events = new Collector(connection);
        await using var sub = await connection.SubscribeCoreAsync<string>("x", cancellationToken: Ct);
        var first = connection.ServerInfo!.Id;

        Process.Start("kill", ["-USR2", $"{leaving.ProcessId}"]).WaitForExit();

        await events.NextAsync("lame duck", Ct);
        await events.NextAsync("opened", Ct);
        Assert.NotEqual(first, connection.ServerInfo!.Id);
        await connection.PublishAsync("x", "here", cancellationToken: Ct);
        Assert.Equal("here", (await sub.Msgs.ReadAsync(Ct)).Data);
    }

    [Fact]
    public async Task A_callback_that_fails_while_the_connection_moves_is_asked_again()
    {
        await using var leaving = await NatsServerProcess.StartAsync(cancellationToken: Ct);
        await using var staying = await NatsServerProcess.StartAsync(cancellationToken: Ct);
        var asked = 0;
        await using var connection = leaving.Connection(o => o with
        {
            Url = $"{leaving.Url},{staying.Url}",
            PingInterval = TimeSpan.FromMilliseconds(100),
            UrlCallback = () => ++asked == 2 ? throw new InvalidOperationException("not now") : null,
        });
        var events = new Collector(connection);
        await connection.ConnectAsync(Ct);
        await events.NextAsync("opened", Ct);
        var first = connection.ServerInfo!.Id;

        Process.Start("kill", ["-USR2", $"{leaving.ProcessId}"]).WaitForExit();

        await events.NextAsync("lame duck", Ct);
        await events.NextAsync("opened", Ct).WaitAsync(TimeSpan.FromSeconds(30), Ct);
        Assert.NotEqual(first, connection.ServerInfo!.Id);
    }

    [Fact]
    public async Task A_reconnect_can_be_asked_for()
    {
        await using var server = await NatsServerProcess.StartAsync(cancellationToken: Ct);
        await using var connection = server.Connection();
        var events = new Collector(connection);
        await connection.ConnectAsync(Ct);
        await events.NextAsync("opened", Ct);
        var client = connection.ServerInfo!.ClientId;

        connection.Reconnect();

        await events.NextAsync("opened", Ct);
        Assert.NotEqual(client, connection.ServerInfo!.ClientId);
    }
}
