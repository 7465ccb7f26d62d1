using System.Net;
using System.Net.Sockets;

namespace Bowline.Relay;

/// <summary>
/// What the connections from one address have used up. An address is forgotten only when its buckets are full again, so that
/// reconnecting gains nothing. Thread-safe.
/// </summary>
internal sealed class AddressBook(RelayLimits limits)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, AddressUse> _uses = [];

    /// <summary>Counts one more connection; null when there are as many as there may be.</summary>
    public AddressUse? TryEnter(IPAddress address, TimeSpan now)
    {
        var key = KeyOf(address);
        lock (_lock)
        {
            if (!_uses.TryGetValue(key, out var use))
            {
                use = new AddressUse(key, limits, now);
                _uses[key] = use;
            }

            if (use.Connections >= limits.ConnectionsPerAddress)
            {
                return null;
            }

            use.Connections++;
            return use;
        }
    }

    public void Leave(AddressUse use)
    {
        lock (_lock)
        {
            use.Connections--;
        }
    }

    /// <summary>Forgets addresses that are as good as new.</summary>
    public void Sweep(TimeSpan now)
    {
        lock (_lock)
        {
            foreach (var (key, use) in _uses)
            {
                if (use.Connections == 0 && use.IsFull(now))
                {
                    _ = _uses.Remove(key);
                }
            }
        }
    }

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _uses.Count;
            }
        }
    }

    /// <summary>IPv4 as such, also when it came mapped; of IPv6 the network, because one customer has a whole /64.</summary>
    private static IPAddress KeyOf(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address;
        }

        var bytes = address.GetAddressBytes();
        Array.Clear(bytes, 8, 8);
        return new IPAddress(bytes);
    }
}

/// <summary>One address: its connections and its share of the rates.</summary>
internal sealed class AddressUse(IPAddress address, RelayLimits limits, TimeSpan now)
{
    private readonly Lock _lock = new();
    private readonly TokenBucket _events = new(limits.EventsPerAddress, now);
    private readonly TokenBucket _requests = new(limits.RequestsPerAddress, now);

    public IPAddress Address => address;

    /// <summary>Guarded by the book's lock.</summary>
    public int Connections { get; set; }

    public bool TryTakeEvent(TimeSpan now)
    {
        lock (_lock)
        {
            return _events.TryTake(now);
        }
    }

    public bool TryTakeRequest(TimeSpan now)
    {
        lock (_lock)
        {
            return _requests.TryTake(now);
        }
    }

    public bool IsFull(TimeSpan now)
    {
        lock (_lock)
        {
            return _events.IsFull(now) && _requests.IsFull(now);
        }
    }
}
