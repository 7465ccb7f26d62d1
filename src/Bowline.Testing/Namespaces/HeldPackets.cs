namespace Bowline.Testing.Namespaces;

/// <summary>Packets under way, given out when their time has come. Beyond its bound a packet is lost, as in any queue of a router.</summary>
public sealed class HeldPackets(TimeProvider time)
{
    private const int Most = 10_000;

    private readonly PriorityQueue<byte[], (TimeSpan Due, long Number)> _packets = new();
    private readonly object _gate = new();
    private readonly long _began = time.GetTimestamp();
    private long _number;
    private bool _isClosed;

    /// <summary>Takes a packet that is under way for a while.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="delay">For how long.</param>
    public void Add(byte[] packet, TimeSpan delay)
    {
        lock (_gate)
        {
            if (_packets.Count < Most)
            {
                _packets.Enqueue(packet, (time.GetElapsedTime(_began) + delay, _number++));
                Monitor.Pulse(_gate);
            }
        }
    }

    /// <summary>Ends the waiting; what is under way is lost.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Waits for the next one; null when it was closed.</summary>
    public byte[]? Take()
    {
        lock (_gate)
        {
            while (!_isClosed)
            {
                if (!_packets.TryPeek(out _, out var next))
                {
                    Monitor.Wait(_gate);
                    continue;
                }

                var wait = next.Due - time.GetElapsedTime(_began);
                if (wait <= TimeSpan.Zero)
                {
                    return _packets.Dequeue();
                }

                Monitor.Wait(_gate, wait + TimeSpan.FromMilliseconds(1)); // Rounded up: never early.
            }

            return null;
        }
    }
}
