using System.Diagnostics.CodeAnalysis;

namespace Bowline.Tunnel;

/// <summary>
/// One side's end of one stream: the shell around <see cref="ReceiveSide"/>, <see cref="SendSide"/> and the body buffer. Everything is
/// guarded by <see cref="Gate"/>; lock order is stream, then peer, then pump. Sending is in StreamEnd.Send.cs, receiving in StreamEnd.Receive.cs.
/// </summary>
internal abstract partial class StreamEnd(TunnelContext context, uint id, TimeSpan now)
{
    protected readonly Lock Gate = new();

    private CarrierPump? _ring;

    /// <summary>Two pumps know a stream while it moves, so which ring it waits in is decided here. False when it already waits in this one.</summary>
    internal bool EnterRing(CarrierPump pump) => !ReferenceEquals(Interlocked.Exchange(ref _ring, pump), pump);

    internal void LeaveRing(CarrierPump pump) => Interlocked.CompareExchange(ref _ring, null, pump);

    public uint Id => id;

    public TunnelContext Context => context;

    public TimeSpan StartedAt { get; } = now;

    /// <summary>Null on a client until the node has answered.</summary>
    protected PeerEnd? Peer { get; private set; }

    protected CarrierPump? Pump { get; private set; }

    /// <summary>Where ordered frames of this stream go now.</summary>
    protected byte[]? Subject { get; private set; }

    protected bool IsClosed { get; private set; }

    public TunnelException? Failure { get; private set; }

    public bool SendEnded => _send.Ended;

    public bool ReceiveEnded => _receive.Ended;

    /// <summary>What a ping says about this stream.</summary>
    public PingFrame.Entry Snapshot()
    {
        lock (Gate)
        {
            return new(id, _send.Next, _receive.Limit);
        }
    }

    /// <summary>The other side said what it has sent; true when that and what came agree.</summary>
    public bool Agrees(PingFrame.Entry entry, ServerInstance? via)
    {
        OnWindow(entry.ReceiveLimit);
        lock (Gate)
        {
            return IsClosed || _receive.Moving || !IsOrderedBy(via) || (int)(entry.NextSeq - _receive.Next) <= 0;
        }
    }

    /// <summary>The frames of this stream come by the same connection as this ping did; under the gate.</summary>
    protected virtual bool IsOrderedBy(ServerInstance? via) => true;

    /// <summary>Gives the stream its address: at once on a server, with the first answer on a client, again at a move.</summary>
    protected void Bind(PeerEnd peer, CarrierPump pump, byte[] subject)
    {
        Peer = peer;
        Pump = pump;
        Subject = subject;
    }

    public void PeerHeard() => Peer?.Heard();

    public void HastenPing(TimeSpan due) => Peer?.Hasten(due);

    /// <summary>Ends both directions with one error; the reader and the writer see it, the other side hears it when <paramref name="tell"/>.</summary>
    public void Fail(TunnelException exception, bool tell)
    {
        PeerEnd? peer;
        long dropped;
        lock (Gate)
        {
            if (IsClosed)
            {
                return;
            }

            IsClosed = true;
            Failure = exception;
            peer = Peer;
            dropped = DropPending();
            if (tell)
            {
                SendReset(TunnelErrors.ToReset(exception.Error));
            }
        }

        peer?.OnConsumed(dropped);
        TunnelTelemetry.StreamFailed(exception.Error);
        _readable.Set();
        _sendable.Set();
        OnClosed(exception);
    }

    /// <summary>The reader left: nothing more is wanted, in either direction.</summary>
    public void Abandon()
    {
        Fail(new TunnelException(TunnelError.Cancelled), tell: true);
        long rest;
        PeerEnd? peer;
        lock (Gate)
        {
            rest = UnreadOfConnection();
            _body.Clear();
            _inlinedLeft = _parked = 0;
            peer = Peer;
        }

        peer?.OnConsumed(rest);
    }

    /// <summary>Both directions ended in order.</summary>
    private void CloseWhenDone()
    {
        lock (Gate)
        {
            if (IsClosed || !_send.Ended || !_receive.Ended)
            {
                return;
            }

            IsClosed = true;
        }

        OnClosed(null);
    }

    protected void SendReset(ResetCode code)
    {
        if (Pump is { } pump && Subject is { } subject)
        {
            Span<byte> frame = stackalloc byte[ControlFrames.ResetSize];
            ControlFrames.Reset(frame, id, code, context.Clock.UnixMs);
            pump.SendControl(subject, default, frame);
        }
    }

    private long DropPending()
    {
        _pending = default;
        foreach (var (_, frame) in _heldFrames ?? [])
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(frame.Array);
        }

        _heldFrames = null;
        var held = _receive.Held;
        _receive.Holding(-(int)held);
        if (_receive.Ended)
        {
            // The whole body is here: what the reader has not taken stays readable.
            return held;
        }

        var dropped = held + UnreadOfConnection();
        _body.Clear();
        _inlinedLeft = _parked = 0;
        return dropped;
    }

    /// <summary>Unread bytes that the shared window still counts.</summary>
    private long UnreadOfConnection() => Math.Max(0, _body.Length - _inlinedLeft - _parked);

    /// <summary>Removed from the tables by the owner; <paramref name="exception"/> is null after a regular end.</summary>
    protected abstract void OnClosed(TunnelException? exception);

    [DoesNotReturn]
    private static void Throw(TunnelException failure) => throw failure.Again();
}
