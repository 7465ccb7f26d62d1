using System.Net;
using System.Net.Sockets;

namespace Bowline.Testing.Network;

/// <summary>A service that says exactly what the test wants, bytes and ends.</summary>
public sealed class RawUpstream : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;

    /// <summary>Listens, and serves every connection so until the end.</summary>
    public RawUpstream(Func<RawConnection, Task> serve)
    {
        _listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");
        _accepting = AcceptAsync(serve);
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>A port where nothing listens.</summary>
    public static Uri Nobody()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/");
    }

    /// <inheritdoc/>
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
