namespace Bowline.Testing.Tunnel;

/// <summary>
/// An in-memory stand-in for a NATS server: subjects, wildcards, queue groups, no-responders, order per publisher, and faults on demand.
/// Each carrier has one delivery loop, as a connection has one read loop.
/// </summary>
public sealed class TunnelBus
{
    private readonly Lock _gate = new();
    private readonly List<InMemoryCarrier> _carriers = [];
    private int _lastCarrier;

    /// <summary>Asked for every message before it is delivered; runs in publishing order, under the lock of the bus: it must wait for nothing.</summary>
    public Func<BusMessage, BusFault>? Fault { get; set; }

    /// <summary>Told of every message that was published, as <see cref="Fault"/> is.</summary>
    public Action<BusMessage>? Published { get; set; }

    /// <summary>A new connection.</summary>
    public InMemoryCarrier Connect()
    {
        lock (_gate)
        {
            var carrier = new InMemoryCarrier(this, $"client{++_lastCarrier:d4}");
            _carriers.Add(carrier);
            return carrier;
        }
    }

    internal void Publish(InMemoryCarrier from, BusMessage message)
    {
        lock (_gate)
        {
            Published?.Invoke(message);
            switch (Fault?.Invoke(message) ?? BusFault.None)
            {
                case BusFault.Drop:
                    return;
                case BusFault.Repeat:
                    Deliver(from, message);
                    break;
                default:
                    break;
            }

            Deliver(from, message);
        }
    }

    /// <summary>Delivers a message as if it had just been published: forged, late or out of order.</summary>
    public void Inject(BusMessage message)
    {
        lock (_gate)
        {
            Deliver(null, message);
        }
    }

    private void Deliver(InMemoryCarrier? from, BusMessage message)
    {
        var groups = new HashSet<string>(StringComparer.Ordinal);
        var delivered = false;
        // The newest member of a queue group gets the message: tests then know which.
        foreach (var carrier in _carriers.AsEnumerable().Reverse())
        {
            delivered |= carrier.Offer(message, groups);
        }

        if (!delivered && message.ReplyTo.Length > 0 && from is not null)
        {
            Deliver(null, new(message.ReplyTo, "", [], NoResponders: true));
        }
    }
}
