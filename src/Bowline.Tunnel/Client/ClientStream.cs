namespace Bowline.Tunnel;

/// <summary>The client's end of one exchange.</summary>
internal sealed class ClientStream(TunnelClient client, TunnelContext context, ClientDevice device, uint id, TimeSpan startedAt, bool isHead)
    : StreamEnd(context, id, startedAt)
{
    private readonly TaskCompletionSource<ResponseHead> _head = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? _mayUpload;
    private bool _heard;
    private bool _headDone;
    private bool _mayHaveLeft;
    private uint _moveTo;

    public ClientDevice Device => device;

    public Task<ResponseHead> Head => _head.Task;

    public InstanceId Instance { get; private set; }

    /// <summary>The last moment for the first word.</summary>
    public TimeSpan AcceptDue { get; init; }

    /// <summary>The last moment for everything, or <see cref="TimeSpan.MaxValue"/>.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.MaxValue;

    /// <summary>The OPEN was given to the carrier; until then the request can still go by the next connection.</summary>
    public bool MayHaveLeft
    {
        get => Volatile.Read(ref _mayHaveLeft);
        set => Volatile.Write(ref _mayHaveLeft, value);
    }

    /// <summary>The peer is bound, or will never be.</summary>
    public bool Heard => Volatile.Read(ref _heard);

    public bool IsMoving
    {
        get
        {
            lock (Gate)
            {
                return ReceiveMoving;
            }
        }
    }

    protected override bool MayHaveBody => _headDone;

    /// <summary>Completes when a body that waits for <c>100 Continue</c> may go, or the response is here instead.</summary>
    public Task MayUpload()
    {
        lock (Gate)
        {
            _mayUpload ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_headDone || IsClosed)
            {
                _ = _mayUpload.TrySetResult();
            }

            return _mayUpload.Task;
        }
    }

    /// <summary>The OPEN frame left.</summary>
    public void OnOpened(bool end)
    {
        lock (Gate)
        {
            CountSent(end);
        }
    }

    public void OnAccept(InstanceId instance)
    {
        if (BindTo(instance))
        {
            Wake();
        }
    }

    public void OnMove(InstanceId instance, uint nextSeq)
    {
        lock (Gate)
        {
            if (IsClosed || Peer is not ClientPeer peer || instance.Boot != peer.Boot || instance.Number < Instance.Number)
            {
                return;
            }

            if (instance.Number > Instance.Number)
            {
                // Behind a single server nothing is early; in a cluster the new connection may be faster than the old one.
                ReceiveMoving = (int)(nextSeq - NextReceiveSeq) > 0;
                _moveTo = nextSeq;
                Instance = instance;
                Bind(peer, Pump!, peer.SubjectOf(instance));
            }

            // Answered again when it comes again: then our answer was lost.
            Pump!.SendControl(Subject!, default, ControlFrames.Move(Id, NextSendSeq, instance));
        }

        Wake();
    }

    protected override ResetCode? OnHead(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (header.Type != FrameType.Head || _headDone || !InstanceId.TryRead(payload, out _))
        {
            return ResetCode.Protocol;
        }

        var head = new ResponseHead();
        if (HeadCodec.ReadResponse(payload[InstanceId.Size..], head, out var body) != HeadVerdict.Ok)
        {
            return ResetCode.Protocol;
        }

        if (head.Status is >= 100 and < 200 and not 101)
        {
            _ = _mayUpload?.TrySetResult();
            return header.End || !body.IsEmpty ? ResetCode.Protocol : null;
        }

        _headDone = true;
        var bodiless = isHead || head.Status is 204 or 304;
        ExpectedLength = bodiless ? 0 : head.ContentLength;
        var bad = DeliverInlined(body);
        if (bad is null)
        {
            _ = _head.TrySetResult(head);
            _ = _mayUpload?.TrySetResult();
        }

        return bad;
    }

    protected override void OnCaughtUp()
    {
        if (ReceiveMoving && (int)(NextReceiveSeq - _moveTo) >= 0)
        {
            ReceiveMoving = false;
        }
    }

    protected override void OnClosed(TunnelException? exception)
    {
        if (exception is not null)
        {
            _ = _head.TrySetException(exception);
            _ = _head.Task.Exception;
        }

        lock (Gate)
        {
            _ = _mayUpload?.TrySetResult();
        }

        (Peer as ClientPeer)?.Remove(this);
        client.Forget(this, Peer as ClientPeer);
    }

    /// <summary>The first word names who serves the stream. True when it was the first.</summary>
    public bool BindTo(InstanceId instance)
    {
        lock (Gate)
        {
            if (_heard || IsClosed)
            {
                return false;
            }

            var peer = client.PeerFor(device, instance);
            Instance = instance;

            // The peer knows the instance before it has the stream, so that no ping of it goes to one that may be gone.
            Bind(peer, client.Pump, peer.SubjectOf(instance));
            peer.Add(this);
            Volatile.Write(ref _heard, true);
        }

        var now = Context.Clock.Now;
        device.Sample(now - StartedAt);
        client.WatchPeer(now);
        return true;
    }
}
