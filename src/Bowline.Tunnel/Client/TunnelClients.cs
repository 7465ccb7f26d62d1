namespace Bowline.Tunnel;

/// <summary>
/// One <see cref="TunnelClient"/> after the other, for a process that runs for months: stream ids are never reused, so a client whose ids
/// are nearly used up is followed by one with a new client id. Safe for concurrent use.
/// </summary>
/// <param name="make">Makes a client over a new carrier object; called for the first and for each that follows.</param>
public sealed class TunnelClients(Func<TunnelClient> make) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private TunnelClient _current = make();
    private TunnelClient? _previous;
    private bool _disposed;

    /// <summary>Subscribes the client in use.</summary>
    public Task StartAsync(CancellationToken cancellationToken = default) => Volatile.Read(ref _current).StartAsync(cancellationToken);

    /// <summary>As <see cref="TunnelClient.SendAsync"/>.</summary>
    /// <exception cref="TunnelException">Why there is no response.</exception>
    public async Task<HttpResponseMessage> SendAsync(TunnelTarget target, HttpRequestMessage request, CancellationToken cancellationToken = default)
    {
        var client = Volatile.Read(ref _current);
        if (client.IsUsedUp)
        {
            client = await FollowAsync(client).ConfigureAwait(false);
        }

        return await client.SendAsync(target, request, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Fails what is open and tells the nodes.</summary>
    public async ValueTask DisposeAsync()
    {
        TunnelClient? previous;
        lock (_gate)
        {
            _disposed = true;
            previous = _previous;
        }

        if (previous is not null)
        {
            await previous.DisposeAsync().ConfigureAwait(false);
        }

        await _current.DisposeAsync().ConfigureAwait(false);
    }

    private async ValueTask<TunnelClient> FollowAsync(TunnelClient usedUp)
    {
        TunnelClient? oldest;
        TunnelClient current;
        lock (_gate)
        {
            if (_disposed || !ReferenceEquals(_current, usedUp))
            {
                return _current;
            }

            // Streams of the one that is used up go on; those of the one before it have had four thousand million requests' time.
            oldest = _previous;
            _previous = usedUp;
            current = make();
            Volatile.Write(ref _current, current);
        }

        if (oldest is not null)
        {
            await oldest.DisposeAsync().ConfigureAwait(false);
        }

        return current;
    }
}
