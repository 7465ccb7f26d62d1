using System.Net;
using System.Net.Sockets;
using Bowline.Testing.Time;
using Bowline.Tunnel.Tests.AspNetCore;

namespace Bowline.Tunnel.Tests.Forwarding;

/// <summary>A write that the service does not take: waited for, unless the service answers instead.</summary>
public sealed class ServiceStreamTests : IAsyncLifetime
{
    private static readonly TimeSpan Stall = TimeSpan.FromSeconds(5);
    private readonly ManualTimeProvider _time = new();
    private Socket _service = null!;
    private ServiceStream _stream = null!;

    public async ValueTask InitializeAsync()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(listener.LocalEndpoint);
        _service = await listener.AcceptSocketAsync();
        _stream = new ServiceStream(client, tls: false, Stall, _time);
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        _service.Dispose();
    }

    [Fact]
    public async Task A_service_that_only_reads_slowly_is_waited_for()
    {
        var (stuck, sent) = Fill();
        for (var look = 0; look < 100; look++)
        {
            _time.Advance(Stall);
        }

        Assert.False(stuck.IsCompleted);
        var buffer = new byte[1 << 20];
        while (sent > 0)
        {
            sent -= await _service.ReceiveAsync(buffer).Soon();
        }

        await stuck.Soon();
    }

    [Fact]
    public async Task A_service_that_answers_instead_ends_the_write_at_the_second_look()
    {
        var (stuck, _) = Fill();
        await _service.SendAsync("HTTP/1.1 200 OK\r\n\r\n"u8.ToArray());
        Assert.True(_stream.Socket.Poll(TimeSpan.FromSeconds(10), SelectMode.SelectRead));
        _time.Advance(Stall / 2);
        Assert.False(stuck.IsCompleted);
        var looks = _time.GetTimestamp();
        while (!stuck.IsCompleted && _time.GetElapsedTime(looks) < Stall * 1000)
        {
            _time.Advance(Stall);
            await Task.Yield();
        }

        await Assert.ThrowsAsync<EarlyAnswerException>(() => stuck.Soon());
    }

    /// <summary>Writes until a write does not fit; returns it and the bytes of all.</summary>
    private (Task Stuck, long Sent) Fill()
    {
        var sent = 0L;
        while (true)
        {
            var write = _stream.WriteAsync(new byte[256 * 1024]);
            sent += 256 * 1024;
            if (!write.IsCompleted)
            {
                return (write.AsTask(), sent);
            }
        }
    }
}
