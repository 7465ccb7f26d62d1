using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Bowline.Testing.Network;

/// <summary>
/// A TCP proxy on loopback whose connections can be made to fail the ways networks do: stop forwarding without closing
/// (a black hole), or be reset.
/// </summary>
public sealed class FaultProxy : IAsyncDisposable
{
    private const int ChunkSize = 64 * 1024;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly IPEndPoint _target;
    private readonly ConcurrentDictionary<FaultProxyPair, Task> _pairs = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _accepting;
    private volatile TaskCompletionSource _flowing = NewFlow(open: true);
    private volatile bool _refusing;
    private int _accepted;

    private FaultProxy(IPEndPoint target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Where the proxy listens.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Connections taken so far.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>Connections open now.</summary>
    public int Open => _pairs.Count;

    /// <summary>Starts a proxy for a port on loopback.</summary>
    public static FaultProxy Start(int targetPort) => new(new IPEndPoint(IPAddress.Loopback, targetPort));

    /// <summary>Stops forwarding in both directions; connections stay open, new ones are taken and get nothing either.</summary>
    public void BlackHole()
    {
        if (_flowing.Task.IsCompleted)
        {
            _flowing = NewFlow(open: false);
        }
    }

    /// <summary>Forwards again, including what waited.</summary>
    public void Heal()
    {
        _refusing = false;
        _flowing.TrySetResult();
    }

    /// <summary>
    /// Black-holes the connections there are, for good, and treats new ones normally: what a changed network address looks like.
    /// </summary>
    public void StrandExisting()
    {
        foreach (var pair in _pairs.Keys)
        {
            pair.Strand();
        }
    }

    /// <summary>Resets every connection, and new ones as well until <see cref="Heal"/>.</summary>
    public void Refuse()
    {
        _refusing = true;
        ResetExisting();
    }

    /// <summary>Resets every connection there is; new ones work.</summary>
    public void ResetExisting()
    {
        foreach (var pair in _pairs.Keys)
        {
            pair.Reset();
        }
    }

    /// <summary>Closes everything.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        _listener.Stop();
        await _accepting.ConfigureAwait(false);
        ResetExisting();
        Heal();
        await Task.WhenAll(_pairs.Values).ConfigureAwait(false);
        _listener.Dispose();
        _stopping.Dispose();
    }

    /// <summary>Completes while bytes may flow.</summary>
    internal Task FlowingAsync() => _flowing.Task;

    private static TaskCompletionSource NewFlow(bool open)
    {
        var flow = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (open)
        {
            flow.SetResult();
        }

        return flow;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync(_stopping.Token).ConfigureAwait(false);
                Interlocked.Increment(ref _accepted);
                var pair = new FaultProxyPair(this, client, ChunkSize);
                if (_refusing)
                {
                    pair.Reset();
                    continue;
                }

                _pairs[pair] = Task.CompletedTask;
                _pairs[pair] = ServeAsync(pair);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Disposal stops the listener.
        }
    }

    private async Task ServeAsync(FaultProxyPair pair)
    {
        await Task.Yield();
        await pair.RunAsync(_target).ConfigureAwait(false);
        _pairs.TryRemove(pair, out _);
    }
}
