namespace Bowline.Tunnel;

internal abstract partial class StreamEnd
{
    private readonly SendSide _send = new(context.StreamWindow);
    private readonly AsyncSignal _sendable = new();
    private Pending _pending;
    private bool _paused;

    /// <summary>What the one writer wants sent: a block that goes whole (with room for the frame header in front), and a body.</summary>
    private record struct Pending(FrameType Type, Memory<byte> Block, ReadOnlyMemory<byte> Body, bool End)
    {
        public readonly bool IsNone => Type == default;
    }

    /// <summary>Sends body bytes, in as many frames as credit and carrier allow; completes when the last is in the carrier's buffer.</summary>
    public ValueTask SendDataAsync(ReadOnlyMemory<byte> body, bool end, CancellationToken cancellationToken) =>
        SendAsync(new(FrameType.Data, default, body, end), cancellationToken);

    /// <summary>Sends a head or trailers; an inlined body is outside the windows, it is at most one frame.</summary>
    protected ValueTask SendBlockAsync(FrameType type, Memory<byte> block, ReadOnlyMemory<byte> body, bool end, CancellationToken cancellationToken) =>
        SendAsync(new(type, block, body, end), cancellationToken);

    private ValueTask SendAsync(Pending pending, CancellationToken cancellationToken)
    {
        lock (Gate)
        {
            if (Failure is { } failure)
            {
                Throw(failure);
            }

            if (!_pending.IsNone || _send.Ended)
            {
                throw new InvalidOperationException(_send.Ended ? "This direction of the stream has ended." : "Another write of this stream is under way.");
            }

            _sendable.Clear();
            _pending = pending;
        }

        var pump = Pump;
        if (pump is null)
        {
            return WaitSentAsync(cancellationToken);
        }

        if (!pump.IsBusy)
        {
            var served = Served.More;
            while (served == Served.More && !pump.IsBusy)
            {
                served = Serve(pump);
            }

            if (served == Served.Idle)
            {
                return WaitSentAsync(cancellationToken);
            }
        }

        pump.Enqueue(this);
        return WaitSentAsync(cancellationToken);
    }

    private ValueTask WaitSentAsync(CancellationToken cancellationToken)
    {
        lock (Gate)
        {
            if (_pending.IsNone && Failure is null)
            {
                _sendable.Clear();
                return ValueTask.CompletedTask;
            }
        }

        return Slow(cancellationToken);

        async ValueTask Slow(CancellationToken token)
        {
            using var registration = token.UnsafeRegister(static self => ((StreamEnd)self!)._sendable.Set(), this);
            while (true)
            {
                await _sendable.WaitAsync().ConfigureAwait(false);
                lock (Gate)
                {
                    if (Failure is { } failure)
                    {
                        Throw(failure);
                    }

                    if (_pending.IsNone)
                    {
                        return;
                    }

                    if (token.IsCancellationRequested)
                    {
                        break;
                    }
                }
            }

            // A part may have left: the direction cannot go on, and both sides must know.
            Fail(new TunnelException(TunnelError.Cancelled), tell: true);
            token.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Sends at most one frame, if this pump still is the stream's.</summary>
    internal Served Serve(CarrierPump pump)
    {
        Served served;
        lock (Gate)
        {
            if (_pending.IsNone || _paused || !ReferenceEquals(pump, Pump))
            {
                return Served.Idle;
            }

            served = _pending.Type == FrameType.Data ? ServeData(pump) : ServeBlock(pump);
            if (!_pending.IsNone)
            {
                return served;
            }
        }

        _sendable.Set();
        CloseWhenDone();
        return served;
    }

    private Served ServeBlock(CarrierPump pump)
    {
        var (type, block, body, end) = _pending;
        new FrameHeader(type, end ? FrameFlags.End : FrameFlags.None, Id, _send.Next).Write(block.Span);
        OnSendingBlock(type, block.Span);
        if (!pump.Carrier.TryPublish(Subject, default, block.Span, body.Span))
        {
            return Served.CarrierFull;
        }

        OnSentBlock();
        _send.OnSent(0, end);
        _pending = default;
        return Served.Idle;
    }

    private Served ServeData(CarrierPump pump)
    {
        var (_, _, body, endWanted) = _pending;
        var size = Math.Min(body.Length, Context.MaxData(pump.Carrier, Peer?.IsShared(Id, Context.Clock.Now) is true));
        if (size > 0)
        {
            // An upload waits for the node's first answer; a stream without credit for its WINDOW; both enqueue it again.
            size = (int)Math.Min(size, _send.Credit);
            if (Peer is null || size == 0 || (size = Peer.TakeCredit(size, this)) == 0)
            {
                return Served.Idle;
            }
        }

        var end = endWanted && size == body.Length;
        Span<byte> header = stackalloc byte[FrameHeader.Size];
        new FrameHeader(FrameType.Data, end ? FrameFlags.End : FrameFlags.None, Id, _send.Next).Write(header);
        if (!pump.Carrier.TryPublish(Subject, default, header, body.Span[..size]))
        {
            Peer?.ReturnCredit(size);
            return Served.CarrierFull;
        }

        _send.OnSent(size, end);
        _pending = size == body.Length ? default : _pending with { Body = body[size..] };
        return _pending.IsNone ? Served.Idle : Served.More;
    }

    /// <summary>Last changes to a head before it leaves; under the gate.</summary>
    protected virtual void OnSendingBlock(FrameType type, Span<byte> frame)
    {
    }

    /// <summary>It left; under the gate.</summary>
    protected virtual void OnSentBlock()
    {
    }

    /// <summary>Counts a frame that was sent by other means (an OPEN).</summary>
    protected void CountSent(bool end) => _send.OnSent(0, end);

    /// <summary>The next number, for a MOVE frame.</summary>
    protected uint NextSendSeq => _send.Next;

    public void OnWindow(long limit)
    {
        lock (Gate)
        {
            if (!_send.Raise(limit) || _pending.IsNone)
            {
                return;
            }
        }

        Wake();
    }

    /// <summary>Something this stream may have waited for has changed.</summary>
    public void Wake() => Pump?.Enqueue(this);

    protected bool IsPaused => _paused;

    protected void PauseSending() => _paused = true;

    protected void ResumeSending() => _paused = false;
}
