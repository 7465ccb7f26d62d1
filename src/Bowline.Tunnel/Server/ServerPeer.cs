using System.Collections.Concurrent;

namespace Bowline.Tunnel;

/// <summary>One client as a server sees it.</summary>
internal sealed class ServerPeer(TunnelServer server, TunnelContext context, string clientId) : PeerEnd(context, server.Boot)
{
    private readonly ConcurrentDictionary<uint, ServerStream> _streams = new();
    private readonly OpenHistory _history = new();

    public string ClientId => clientId;

    public byte[] ReplySubject { get; } = TunnelSubjects.Reply(server.Device, clientId);

    public int StreamCount => _streams.Count;

    public TimeSpan IdleSince { get; private set; } = context.Clock.Now;

    public IEnumerable<ServerStream> Streams => _streams.Select(static pair => pair.Value);

    /// <summary>False when this id was opened before.</summary>
    public bool TryEnter(uint streamId)
    {
        lock (_history)
        {
            return _history.TryEnter(streamId);
        }
    }

    public void Add(ServerStream stream)
    {
        if (_streams.IsEmpty)
        {
            BeginKeepalive(Context.Clock.Now);
        }

        _streams[stream.Id] = stream;
    }

    public void Remove(ServerStream stream)
    {
        _ = _streams.TryRemove(stream.Id, out _);
        IdleSince = Context.Clock.Now;
    }

    public ServerStream? Find(uint streamId) => _streams.GetValueOrDefault(streamId);

    public void FailAll(TunnelError error, bool tell)
    {
        foreach (var stream in Streams)
        {
            stream.Fail(new TunnelException(error), tell);
        }
    }

    public void SendReset(CarrierPump pump, uint streamId, ResetCode code)
    {
        Span<byte> frame = stackalloc byte[ControlFrames.ResetSize];
        ControlFrames.Reset(frame, streamId, code, Context.Clock.UnixMs);
        pump.SendControl(ReplySubject, default, frame);
    }

    public override void SendControl(ReadOnlySpan<byte> frame) => server.Newest?.Pump.SendControl(ReplySubject, default, frame);

    protected override bool AnyMoving => server.IsMoving;

    protected override bool SentUnordered => server.IsMoving;

    protected override void SendPing(CarrierPump way, byte[] frame) => way.SendControl(ReplySubject, default, frame);

    protected override int KnownToBoth => Streams.Count(static stream => stream.Announced);

    protected override StreamEnd? FindStream(uint streamId) => Find(streamId);

    protected override IReadOnlyList<PingBatch> StreamsToPing()
    {
        var batches = Streams.Select(static stream => stream.SnapshotToPing())
            .GroupBy(static snapshot => snapshot.Way, static snapshot => snapshot.Entry)
            .Select(static batch => new PingBatch(batch.Key, [.. batch]))
            .ToArray();
        return batches.Length > 0 || server.Newest is not { } newest ? batches : [new(newest.Pump, [])];
    }

    protected override void OnUnknownStream(uint streamId)
    {
        if (server.Newest is { } instance)
        {
            SendReset(instance.Pump, streamId, ResetCode.UnknownStream);
        }
    }
}
