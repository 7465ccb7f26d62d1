namespace Bowline.Tunnel;

internal abstract partial class StreamEnd
{
    private readonly ReceiveSide _receive = new(context.StreamWindow, context.MaxStreamWindow);
    private readonly BodyBuffer _body = new();
    private readonly AsyncSignal _readable = new();
    private EarlyFrames? _early;
    private long _inlinedLeft;
    private long _parked;
    private long _bodyBytes;
    private TimeSpan _frameAt;

    /// <summary>What the head promised, or -1.</summary>
    protected long ExpectedLength { get; set; } = -1;

    /// <summary>The body is complete and read, or the stream failed.</summary>
    public bool IsReadable
    {
        get
        {
            lock (Gate)
            {
                return _body.Length > 0;
            }
        }
    }

    public TunnelHeaders? ReceivedTrailers { get; private set; }

    /// <summary>An ordered frame, on the read loop.</summary>
    public void OnOrdered(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        ResetCode? bad = null;
        NoteFrame(header.Type, Context.Clock.Now);
        lock (Gate)
        {
            var bytes = header.Type == FrameType.Data ? payload.Length : 0;
            if (bytes > 0 && Peer is { } peer && !peer.OnData(bytes))
            {
                bad = ResetCode.FlowControl;
            }
            else if (IsClosed)
            {
                Peer?.OnConsumed(bytes);
                return;
            }
            else
            {
                bad = Accept(header, payload, bytes);
            }
        }

        if (bad is { } code)
        {
            TunnelLog.StreamBroken(Context.Logger, Id, code);
            Fail(TunnelException.From(code), tell: true);
            return;
        }

        CloseWhenDone();
    }

    private void NoteFrame(FrameType type, TimeSpan at)
    {
        if (type != FrameType.Data || at - _frameAt > Interactivity.Pause)
        {
            Peer?.OnInteractive(Id, at);
        }

        _frameAt = at;
    }

    private ResetCode? Accept(in FrameHeader header, ReadOnlySpan<byte> payload, int bytes)
    {
        switch (_receive.Offer(header, bytes))
        {
            case Receipt.Deliver:
                var bad = Deliver(header, payload) ?? DeliverHeld();
                Park(bytes);
                return bad;
            case Receipt.Hold:
                return Hold(header, payload, bytes);
            case Receipt.Drop:
                Peer?.OnConsumed(bytes);
                return null;
            case var refused:
                // Nobody will read them, so the shared window must not count them for ever.
                Peer?.OnConsumed(bytes);
                return refused switch
                {
                    Receipt.Gap => ResetCode.Gap,
                    Receipt.Repeat => ResetCode.Repeat,
                    Receipt.Overflow => ResetCode.FlowControl,
                    _ => ResetCode.Protocol,
                };
        }
    }

    /// <summary>
    /// A full stream is stopped by its own window, so its bytes need not hold back the connection's other streams as well:
    /// they are given back to the shared window now instead of when they are read.
    /// </summary>
    private void Park(int bytes)
    {
        if (bytes > 0 && _receive.Received == _receive.Limit && Peer is { } peer)
        {
            var unread = _body.Length - _inlinedLeft - _parked;
            _parked += unread;
            peer.OnConsumed(unread);
        }
    }

    private ResetCode? Hold(in FrameHeader header, ReadOnlySpan<byte> payload, int bytes)
    {
        _early ??= new();
        var repeated = _early.Contains(header.Seq);
        if (repeated || !_early.TryAdd(header, payload))
        {
            Peer?.OnConsumed(bytes);
            return repeated ? null : ResetCode.FlowControl;
        }

        _receive.Holding(bytes);
        return null;
    }

    private ResetCode? DeliverHeld()
    {
        while (_early is not null && _early.TryTake(_receive.Next, out var array, out var header, out var payload))
        {
            try
            {
                var bytes = header.Type == FrameType.Data ? payload.Length : 0;
                _receive.Holding(-bytes);
                if (_receive.Offer(header, bytes) != Receipt.Deliver)
                {
                    Peer?.OnConsumed(bytes);
                    return ResetCode.FlowControl;
                }

                if (Deliver(header, payload) is { } bad)
                {
                    return bad;
                }
            }
            finally
            {
                EarlyFrames.Return(array);
            }
        }

        OnCaughtUp();
        return null;
    }

    private ResetCode? Deliver(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        ResetCode? bad = header.Type switch
        {
            FrameType.Data => DeliverBody(payload),
            FrameType.Trailers => DeliverTrailers(payload),
            _ => OnHead(header, payload),
        };
        if (bad is null && header.End && ExpectedLength >= 0 && _bodyBytes != ExpectedLength)
        {
            bad = ResetCode.BodyLength;
        }

        _readable.Set();
        return bad;
    }

    private ResetCode? DeliverBody(ReadOnlySpan<byte> payload)
    {
        if (!MayHaveBody)
        {
            Peer?.OnConsumed(payload.Length);
            return ResetCode.Protocol;
        }

        _body.Append(payload);
        _bodyBytes += payload.Length;
        return ExpectedLength >= 0 && _bodyBytes > ExpectedLength ? ResetCode.BodyLength : null;
    }

    /// <summary>A body that came in a head frame.</summary>
    protected ResetCode? DeliverInlined(ReadOnlySpan<byte> body)
    {
        _inlinedLeft += body.Length;
        return body.IsEmpty ? null : DeliverBody(body);
    }

    private ResetCode? DeliverTrailers(ReadOnlySpan<byte> payload)
    {
        ReceivedTrailers = [];
        return HeadCodec.ReadTrailers(payload, ReceivedTrailers) == HeadVerdict.Ok ? null : ResetCode.Protocol;
    }

    /// <summary>False before the head of this direction, when data cannot come.</summary>
    protected abstract bool MayHaveBody { get; }

    /// <summary>A head frame in its turn; under the gate.</summary>
    protected abstract ResetCode? OnHead(in FrameHeader header, ReadOnlySpan<byte> payload);

    /// <summary>No early frame is held any more; under the gate.</summary>
    protected virtual void OnCaughtUp()
    {
    }

    protected uint NextReceiveSeq => _receive.Next;

    protected bool ReceiveMoving
    {
        get => _receive.Moving;
        set => _receive.Moving = value;
    }

    /// <summary>Reads body bytes; 0 at the end. An empty buffer waits for data without taking any.</summary>
    public async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (TryRead(destination.Span, out var count))
            {
                return count;
            }

            await WaitReadableAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Hands every body byte to the destination straight from the pooled arrays.</summary>
    public async Task CopyToAsync(Stream destination, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (TryTake(out var piece))
            {
                try
                {
                    await destination.WriteAsync(piece.Memory, cancellationToken).ConfigureAwait(false);
                }
                finally
                {
                    var count = piece.Count;
                    piece.Release();
                    Consumed(count);
                }
            }
            else if (AtEnd())
            {
                return;
            }
            else
            {
                await WaitReadableAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async ValueTask WaitReadableAsync(CancellationToken cancellationToken)
    {
        if (!cancellationToken.CanBeCanceled)
        {
            await _readable.WaitAsync().ConfigureAwait(false);
            return;
        }

        cancellationToken.ThrowIfCancellationRequested();
        using (cancellationToken.UnsafeRegister(static self => ((StreamEnd)self!)._readable.Set(), this))
        {
            await _readable.WaitAsync().ConfigureAwait(false);
        }

        cancellationToken.ThrowIfCancellationRequested();
    }

    private bool TryRead(Span<byte> destination, out int count)
    {
        lock (Gate)
        {
            count = _body.Read(destination);
            if (count == 0 && _body.Length == 0)
            {
                return AtEndCore();
            }
        }

        Consumed(count);
        return true;
    }

    private bool TryTake(out BodyBuffer.Piece piece)
    {
        lock (Gate)
        {
            return _body.TryTake(out piece);
        }
    }

    private bool AtEnd()
    {
        lock (Gate)
        {
            return AtEndCore();
        }
    }

    private bool AtEndCore()
    {
        if (_body.Length > 0)
        {
            return false;
        }

        if (_receive.Ended)
        {
            return true;
        }

        if (Failure is { } failure)
        {
            Throw(failure);
        }

        return false;
    }

    private void Consumed(int count)
    {
        if (count == 0)
        {
            return;
        }

        PeerEnd? peer;
        bool updated;
        int parked;
        lock (Gate)
        {
            var inlined = (int)Math.Min(_inlinedLeft, count);
            _inlinedLeft -= inlined;
            count -= inlined;
            peer = Peer;
            if (count == 0 || peer is null)
            {
                return;
            }

            parked = (int)Math.Min(_parked, count);
            _parked -= parked;
            var readAt = Context.Clock.Now;
            updated = _receive.Consume(count, readAt, peer.RoundTrip, peer.IsShared(Id, readAt), out var limit) && !IsClosed;
            if (updated && Pump is { } pump)
            {
                Span<byte> frame = stackalloc byte[ControlFrames.WindowSize];
                ControlFrames.Window(frame, Id, limit, 0);
                pump.SendControl(Subject!, default, frame);
            }
        }

        peer.OnConsumed(count - parked);
        if (updated)
        {
            peer.MeasureRoundTrip(Context.Clock.Now);
        }
    }
}
