using Bowline.Core.Identity;

namespace Bowline.Hub.Links;

/// <summary>The open bridges by device: bounded, and closed together when their device is revoked.</summary>
internal sealed class BridgeRegistry(int perDevice = 4, int total = 10_000)
{
    private readonly Dictionary<DeviceId, List<BridgedLink>> _open = [];
    private readonly Lock _gate = new();
    private long _lastId;
    private int _count;

    /// <summary>Raised on the bridge's own task after it has ended.</summary>
    public event EventHandler<BridgeClosedEventArgs>? Closed;

    /// <summary>How many bridges are open.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>
    /// Adds a bridge; null when the hub is full. A device at its limit (two are normal during a renewal, the rest are sockets
    /// left dead by a change of network) loses its oldest, because the newest is the one that surely lives.
    /// </summary>
    public BridgedLink? TryAdd(DeviceId device, CancellationTokenSource abort)
    {
        BridgedLink? oldest = null;
        BridgedLink added;
        lock (_gate)
        {
            if (_count >= total)
            {
                return null;
            }

            if (!_open.TryGetValue(device, out var links))
            {
                _open[device] = links = [];
            }

            if (links.Count >= perDevice)
            {
                oldest = links[0];
                links.RemoveAt(0);
                _count--;
            }

            added = new BridgedLink(++_lastId, device, abort);
            links.Add(added);
            _count++;
        }

        oldest?.Close(BridgeEnd.Superseded);
        return added;
    }

    public void Remove(BridgedLink link)
    {
        bool wasLast;
        lock (_gate)
        {
            if (_open.TryGetValue(link.Device, out var links) && links.Remove(link))
            {
                _count--;
                if (links.Count == 0)
                {
                    _open.Remove(link.Device);
                }
            }

            wasLast = !_open.ContainsKey(link.Device);
        }

        Closed?.Invoke(this, new BridgeClosedEventArgs(link.Device, link.Reason ?? BridgeEnd.NodeClosed, wasLast));
    }

    public bool IsOpen(DeviceId device)
    {
        lock (_gate)
        {
            return _open.ContainsKey(device);
        }
    }

    public void CloseAll(DeviceId device, BridgeEnd reason) => Close(l => l.Device == device, reason);

    public void CloseAll(BridgeEnd reason) => Close(_ => true, reason);

    private void Close(Func<BridgedLink, bool> which, BridgeEnd reason)
    {
        List<BridgedLink> links;
        lock (_gate)
        {
            links = [.. _open.Values.SelectMany(l => l).Where(which)];
        }

        foreach (var link in links)
        {
            link.Close(reason);
        }
    }
}
