using Bowline.Testing.Namespaces;

namespace Bowline.WebRtc.Tests.Delivery;

/// <summary>One end of a path in memory that loses, delays, doubles and reorders datagrams as it is told.</summary>
internal sealed class MemoryPath : IDatagramPath
{
    private readonly HeldPackets _held = new(TimeProvider.System);
    private readonly PacketSchedule _schedule;
    private readonly Lock _gate = new();
    private readonly Thread _carrier;
    private MemoryPath? _other;
    private IDatagramReceiver? _receiver;

    private MemoryPath(Impairment impairment, int seed)
    {
        _schedule = new(impairment, seed);
        _carrier = new(Carry) { IsBackground = true };
    }

    public static (MemoryPath Left, MemoryPath Right) CreatePair(Impairment? impairment = null)
    {
        impairment ??= new();
        var (left, right) = (new MemoryPath(impairment, impairment.Seed * 2), new MemoryPath(impairment, impairment.Seed * 2 + 1));
        (left._other, right._other) = (right, left);
        left._carrier.Start();
        right._carrier.Start();
        return (left, right);
    }

    /// <summary>What each datagram passes before it is carried: false loses it.</summary>
    public Func<byte[], bool>? Carries { get; set; }

    public void Start(IDatagramReceiver receiver) => Volatile.Write(ref _receiver, receiver);

    public bool TrySend(ReadOnlySpan<byte> datagram)
    {
        Assert.InRange(datagram.Length, 1, IDatagramPath.LongestDatagram);
        var copy = datagram.ToArray();
        if (Carries?.Invoke(copy) == false)
        {
            return true;
        }

        lock (_gate)
        {
            foreach (var delay in _schedule.Next())
            {
                _held.Add(copy, delay);
            }
        }

        return true;
    }

    /// <summary>Gives the receiver of this end something that the other end never sent.</summary>
    public void Inject(ReadOnlySpan<byte> datagram) => Volatile.Read(ref _receiver)!.Receive(this, datagram);

    public ValueTask DisposeAsync()
    {
        _held.Close();
        return default;
    }

    private void Carry()
    {
        while (_held.Take() is { } datagram)
        {
            Volatile.Read(ref _other!._receiver)?.Receive(_other, datagram);
        }
    }
}
