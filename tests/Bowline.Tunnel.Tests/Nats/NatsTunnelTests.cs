using System.Net;
using System.Security.Cryptography;
using Bowline.Core.Identity;
using Bowline.Nats;
using Bowline.Tunnel.Tests.Support;

namespace Bowline.Tunnel.Tests.Nats;

public sealed class NatsTunnelTests
{
    private const int Big = 32 * 1024 * 1024;

    [Fact]
    public async Task Small_exchanges_pass()
    {
        await using var tunnel = await NatsTunnel.StartAsync(TestHandler.Hello);
        for (var i = 0; i < 200; i++)
        {
            using var response = await tunnel.GetAsync("/");
            Assert.Equal("hello", await response.Content.ReadAsStringAsync());
        }

        Assert.Equal(0, tunnel.Client.OpenStreams);
    }

    [Fact]
    public async Task Bodies_pass_byte_exact_both_ways_at_once()
    {
        var bytes = Payload.Create(Big);
        await using var tunnel = await NatsTunnel.StartAsync(exchange => exchange.RequestBody.CopyToAsync(exchange.ResponseBody, exchange.Aborted));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = Payload.Streaming(bytes) };
        using var response = await tunnel.SendAsync(request);
        Assert.Equal(Payload.Hash(bytes), Payload.Hash(await response.Content.ReadAsByteArrayAsync()));
    }

    [Fact]
    public async Task An_offline_node_is_known_in_one_round_trip()
    {
        await using var tunnel = await NatsTunnel.StartAsync(TestHandler.Hello);
        using var other = DeviceKey.Create();
        var failure = await Assert.ThrowsAsync<TunnelException>(() =>
            tunnel.Client.SendAsync(new(other.Id, "default", TunnelCaller.Account("a")), new(HttpMethod.Get, "/")));
        Assert.Equal(TunnelError.Offline, failure.Error);
    }

    [Fact]
    public async Task A_vanished_instance_is_found_when_asked_for()
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var tunnel = await NatsTunnel.StartAsync(async exchange =>
        {
            await exchange.ResponseBody.WriteAsync(new byte[100_000]);
            started.TrySetResult();
            await Task.Delay(Timeout.Infinite, exchange.Aborted);
        });
        using var response = await tunnel.GetAsync("/");
        var body = await response.Content.ReadAsStreamAsync();
        await started.Task;
        await tunnel.ServerConnection.DisposeAsync();
        var read = body.CopyToAsync(Stream.Null);
        while (!read.IsCompleted)
        {
            // nats-server may see our end of the connection go a moment after we have closed it.
            tunnel.Client.CheckAlive(tunnel.Device);
            await tunnel.ClientConnection.PingAsync();
        }

        var failure = await Assert.ThrowsAsync<TunnelException>(() => read);
        Assert.Equal(TunnelError.PeerLost, failure.Error);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(false, true)]
    public async Task A_stream_moves_to_a_new_connection_without_losing_a_byte(bool upload, bool pinged)
    {
        var bytes = Payload.Create(Big);
        string received = "";
        await using var tunnel = await NatsTunnel.StartAsync(async exchange =>
        {
            if (exchange.Path == "/small")
            {
                return;
            }

            if (!upload)
            {
                await exchange.ResponseBody.WriteAsync(bytes, exchange.Aborted);
                return;
            }

            using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var buffer = new byte[64 * 1024];
            int count;
            while ((count = await exchange.RequestBody.ReadAsync(buffer)) > 0)
            {
                sha.AppendData(buffer.AsSpan(0, count));
            }

            received = Convert.ToHexStringLower(sha.GetHashAndReset());
        });
        using var request = new HttpRequestMessage(upload ? HttpMethod.Post : HttpMethod.Get, "/") { Content = upload ? Payload.Streaming(bytes) : null };
        var transfer = Task.Run(async () =>
        {
            using var response = await tunnel.SendAsync(request);
            return Payload.Hash(await response.Content.ReadAsByteArrayAsync());
        });
        var pings = Task.Run(async () =>
        {
            // Both sides compare what they think of the stream all the time, over whichever connection is the newest.
            while (pinged && !transfer.IsCompleted)
            {
                using var small = await tunnel.GetAsync("/small");
                tunnel.Client.CheckAlive(tunnel.Device);
                tunnel.Server.OnReconnected();
            }
        });
        var connections = new List<NatsConnection>();
        var moves = 0;
        while (!transfer.IsCompleted && moves < 50)
        {
            var next = new NatsConnection(new() { Url = tunnel.Process.Url });
            connections.Add(next);
            await next.ConnectAsync();
            var instance = await tunnel.Server.AttachAsync(next);
            await tunnel.Server.DetachAsync(_instance ?? tunnel.Instance);
            _instance = instance;
            moves++;
        }

        var hash = await transfer.WaitAsync(TimeSpan.FromSeconds(60));
        await pings.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(Payload.Hash(bytes), upload ? received : hash);
        Assert.True(moves > 0);
        foreach (var connection in connections)
        {
            await connection.DisposeAsync();
        }
    }

    private string? _instance;

    [Fact]
    public async Task A_server_restart_never_cuts_a_body_short_in_silence()
    {
        var bytes = Payload.Create(Big);
        await using var tunnel = await NatsTunnel.StartAsync(exchange => exchange.ResponseBody.WriteAsync(bytes, exchange.Aborted).AsTask());
        using var response = await tunnel.GetAsync("/");
        var body = await response.Content.ReadAsStreamAsync();
        var first = new byte[1024 * 1024];
        await body.ReadExactlyAsync(first);
        var back = Task.WhenAll(Reopened(tunnel.ServerConnection), Reopened(tunnel.ClientConnection));
        await tunnel.Process.RestartAsync();
        using var rest = new MemoryStream();
        try
        {
            await body.CopyToAsync(rest).WaitAsync(TimeSpan.FromSeconds(30));
            Assert.Equal(Payload.Hash(bytes.AsSpan(first.Length)), Payload.Hash(rest.ToArray()));
        }
        catch (TunnelException e)
        {
            Assert.Contains(e.Error, new[] { TunnelError.FrameLost, TunnelError.PeerLost, TunnelError.StreamUnknown });
        }

        await back.WaitAsync(TimeSpan.FromSeconds(20));
        await tunnel.ServerConnection.PingAsync();
        using var again = await tunnel.SendAsync(new(HttpMethod.Head, "/"));
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
    }

    private static Task Reopened(NatsConnection connection)
    {
        var opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        connection.ConnectionOpened += (_, _) =>
        {
            opened.TrySetResult();
            return default;
        };
        return opened.Task;
    }

    [Fact]
    public async Task An_unread_response_holds_at_most_its_window_and_stalls_nobody()
    {
        long sent = 0;
        await using var tunnel = await NatsTunnel.StartAsync(async exchange =>
        {
            var chunk = new byte[64 * 1024];
            for (var i = 0; exchange.Path == "/big" && i < 4096; i++)
            {
                await exchange.ResponseBody.WriteAsync(chunk, exchange.Aborted);
                Interlocked.Add(ref sent, chunk.Length);
            }
        });
        using var unread = await tunnel.GetAsync("/big");
        for (var i = 0; i < 100; i++)
        {
            using var small = await tunnel.GetAsync("/small");
            Assert.Equal(HttpStatusCode.OK, small.StatusCode);
        }

        Assert.InRange(Interlocked.Read(ref sent), 1, 512 * 1024);
    }

    [Fact]
    public async Task Many_unread_responses_do_not_stall_one_that_is_read()
    {
        await using var tunnel = await NatsTunnel.StartAsync(exchange => exchange.ResponseBody.WriteAsync(new byte[2 * 1024 * 1024], exchange.Aborted).AsTask());
        var unread = new List<HttpResponseMessage>();
        for (var i = 0; i < 20; i++)
        {
            unread.Add(await tunnel.GetAsync("/"));
        }

        using var read = await tunnel.GetAsync("/").WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(2 * 1024 * 1024, (await read.Content.ReadAsByteArrayAsync().WaitAsync(TimeSpan.FromSeconds(20))).Length);
        foreach (var response in unread)
        {
            Assert.Equal(2 * 1024 * 1024, (await response.Content.ReadAsByteArrayAsync().WaitAsync(TimeSpan.FromSeconds(20))).Length);
            response.Dispose();
        }
    }
}
