using Bowline.Core.Identity;

namespace Bowline.Hub.Presence;

/// <summary>
/// Tells one follower which links changed. Holds each link once however often it changed, so a slow follower costs no more than the
/// number of links and always reads the newest state.
/// </summary>
internal sealed class LinkFeed(Action<LinkFeed> ended) : IDisposable
{
    private readonly HashSet<DeviceId> _dirty = [];
    private readonly Dictionary<DeviceId, IDisposable> _watches = [];
    private readonly SemaphoreSlim _signal = new(0, 1); // Not disposed: a last change may race with the end.
    private readonly Lock _gate = new();
    private bool _disposed;

    /// <summary>Waits for changes; empty when none came within the time.</summary>
    public async Task<IReadOnlyList<DeviceId>> ReadAsync(TimeSpan atMost, TimeProvider time, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(atMost, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await _signal.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return [];
        }

        lock (_gate)
        {
            DeviceId[] changed = [.. _dirty];
            _dirty.Clear();
            return changed;
        }
    }

    public void Dispose()
    {
        IDisposable[] watches;
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            watches = [.. _watches.Values];
        }

        foreach (var watch in watches)
        {
            watch.Dispose();
        }

        ended(this);
    }

    internal void Changed(DeviceId device)
    {
        lock (_gate)
        {
            _dirty.Add(device);
            if (_signal.CurrentCount == 0)
            {
                _signal.Release();
            }
        }
    }

    /// <summary>Keeps the fast pace of one link for as long as the feed lives.</summary>
    internal void Hold(DeviceId device, Func<IDisposable> watch)
    {
        lock (_gate)
        {
            if (!_disposed && !_watches.ContainsKey(device))
            {
                _watches[device] = watch();
            }
        }
    }
}
