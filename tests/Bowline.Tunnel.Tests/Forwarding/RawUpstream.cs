using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Bowline.Tunnel.Tests.Forwarding;

/// <summary>A service that says exactly what the test wants, bytes and ends.</summary>
internal sealed class RawUpstream : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;

    public RawUpstream(Func<RawConnection, Task> serve)
    {
        _listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");
        _accepting = AcceptAsync(serve);
    }

    public Uri Address { get; }

    /// <summary>A port where nothing listens.</summary>
    public static Uri Nobody()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/");
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
        _listener.Dispose();
    }

    private async Task AcceptAsync(Func<RawConnection, Task> serve)
    {
        var running = new List<Task>();
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                running.Add(ServeAsync(await _listener.AcceptSocketAsync(_stop.Token), serve));
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                break;
            }
        }

        await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task ServeAsync(Socket socket, Func<RawConnection, Task> serve)
    {
        using (socket)
        {
            await serve(new RawConnection(socket, _stop.Token));
        }
    }
}

internal sealed class RawConnection(Socket socket, CancellationToken stop)
{
    /// <summary>Reads to the end of the head.</summary>
    public async Task<string> ReadHeadAsync()
    {
        var text = new StringBuilder();
        while (!text.ToString().Contains("\r\n\r\n", StringComparison.Ordinal) && await ReadAsync() is { Length: > 0 } more)
        {
            _ = text.Append(more);
        }

        return text.ToString();
    }

    /// <summary>What comes next; empty at the end.</summary>
    public async Task<string> ReadAsync()
    {
        var buffer = new byte[4096];
        var size = await socket.ReceiveAsync(buffer, SocketFlags.None, stop);
        return Encoding.Latin1.GetString(buffer, 0, size);
    }

    public async Task SendAsync(string text) => _ = await socket.SendAsync(Encoding.Latin1.GetBytes(text), SocketFlags.None, stop);

    /// <summary>Reads a head, sends the text and closes.</summary>
    public async Task AnswerAsync(string text)
    {
        _ = await ReadHeadAsync();
        await SendAsync(text);
        socket.Shutdown(SocketShutdown.Send);
        _ = await ReadAsync();
    }

    /// <summary>Cuts the connection with a reset.</summary>
    public void Reset()
    {
        socket.LingerState = new LingerOption(enable: true, seconds: 0);
        socket.Close();
    }
}
