using System.Collections.Concurrent;

namespace Bowline.Tunnel;

/// <summary>One server object of a device as the client sees it; its instances are only addresses.</summary>
internal sealed class ClientPeer(TunnelClient client, TunnelContext context, ClientDevice device, CarrierPump pump, InstanceId instance)
    : PeerEnd(context, instance.Boot)
{
    private const int PingReplyRoom = 160;
    private readonly ConcurrentDictionary<uint, ClientStream> _streams = new();
    private InstanceId _instance = instance;
    private byte[] _subject = TunnelSubjects.In(device.Id, instance, client.ClientId);

    public ClientDevice Device => device;

    public bool HasStreams => !_streams.IsEmpty;

    /// <summary>When the last stream left, for forgetting the peer.</summary>
    public TimeSpan IdleSince { get; private set; }

    public void Add(ClientStream stream)
    {
        if (_streams.IsEmpty)
        {
            BeginKeepalive(Context.Clock.Now);
        }

        _streams[stream.Id] = stream;
    }

    public void Remove(ClientStream stream)
    {
        _ = _streams.TryRemove(stream.Id, out _);
        IdleSince = Context.Clock.Now;
    }

    /// <summary>The address of an instance; the newest one is where pings and windows go.</summary>
    public byte[] SubjectOf(InstanceId instance)
    {
        lock (_streams)
        {
            if (instance == _instance)
            {
                return _subject;
            }

            var subject = TunnelSubjects.In(device.Id, instance, client.ClientId);
            if (instance.Number > _instance.Number)
            {
                _instance = instance;
                _subject = subject;
            }

            return subject;
        }
    }

    public void FailAll(TunnelError error) => FailAll(error, static (_, _) => true, 0);

    /// <summary>Fails the streams of one instance.</summary>
    public void FailInstance(TunnelError error, uint number) => FailAll(error, static (stream, gone) => stream.Instance.Number == gone, number);

    /// <summary>An instance is gone, and so are those before it; a stream that has moved on meanwhile is not touched.</summary>
    public void FailUpTo(TunnelError error, uint number) => FailAll(error, static (stream, gone) => stream.Instance.Number <= gone, number);

    private void FailAll(TunnelError error, Func<ClientStream, uint, bool> fits, uint number)
    {
        foreach (var (_, stream) in _streams)
        {
            if (fits(stream, number))
            {
                stream.Fail(new TunnelException(error), tell: false);
            }
        }
    }

    public override void SendControl(ReadOnlySpan<byte> frame) => pump.SendControl(_subject, default, frame);

    protected override bool AnyMoving
    {
        get
        {
            foreach (var (_, stream) in _streams)
            {
                if (stream.IsMoving)
                {
                    return true;
                }
            }

            return false;
        }
    }

    // With a reply subject, so that nats-server itself says when the instance is gone.
    protected override void SendPing(CarrierPump way, byte[] frame)
    {
        byte[] subject;
        uint number;
        lock (_streams)
        {
            subject = _subject;
            number = _instance.Number;
        }

        Span<byte> reply = stackalloc byte[PingReplyRoom];
        var length = TunnelSubjects.Extend(device.ReplySubject, "ping"u8, client.RegisterPing(this, number), reply);
        way.SendControl(subject, reply[..length], frame);
    }

    protected override int KnownToBoth => _streams.Count;

    protected override StreamEnd? FindStream(uint streamId) => _streams.GetValueOrDefault(streamId);

    protected override IReadOnlyList<PingBatch> StreamsToPing() => [new(pump, [.. _streams.Select(static pair => pair.Value.Snapshot())])];

    // The server may ping a stream whose answer we have not heard yet: that is no stranger.
    protected override void OnUnknownStream(uint streamId)
    {
        if (!client.IsOpening(streamId))
        {
            SendUnknown(streamId);
        }
    }

    public void SendUnknown(uint streamId)
    {
        Span<byte> frame = stackalloc byte[ControlFrames.ResetSize];
        ControlFrames.Reset(frame, streamId, ResetCode.UnknownStream, Context.Clock.UnixMs);
        SendControl(frame);
    }
}
