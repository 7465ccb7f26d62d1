using System.Text;
using Bowline.Core.Identity;

namespace Bowline.Tunnel;

/// <summary>What a client knows of one device, whichever server object of it answers.</summary>
internal sealed class ClientDevice(DeviceId id, string clientId, TimeSpan acceptFloor)
{
    private readonly AcceptTiming _timing = new(acceptFloor);
    private long _lastHeardTicks;

    public DeviceId Id => id;

    public byte[] Name { get; } = Encoding.ASCII.GetBytes(id.ToString());

    public byte[] OpenSubject { get; } = TunnelSubjects.Open(id);

    public byte[] ReplySubject { get; } = TunnelSubjects.Reply(id, clientId);

    /// <summary>What must be added to our wall clock to get the device's; learnt when it says that an open is too old.</summary>
    public long ClockOffsetMs { get; set; }

    public TimeSpan LastHeard
    {
        get => TimeSpan.FromTicks(Volatile.Read(ref _lastHeardTicks));
        set => Volatile.Write(ref _lastHeardTicks, value.Ticks);
    }

    public TimeSpan AcceptTimeout
    {
        get
        {
            lock (_timing)
            {
                return _timing.Timeout;
            }
        }
    }

    public void Sample(TimeSpan roundTrip)
    {
        lock (_timing)
        {
            _timing.Sample(roundTrip);
        }
    }
}
