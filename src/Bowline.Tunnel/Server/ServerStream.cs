namespace Bowline.Tunnel;

#pragma warning disable CA1001 // A token source without a timer holds nothing; handlers may look at its token after the stream has ended.
/// <summary>The server's end of one exchange.</summary>
internal sealed class ServerStream : StreamEnd, IThreadPoolWorkItem
{
    private readonly TunnelServer _server;
    private readonly CancellationTokenSource _aborted = new();
    private ServerInstance _instance;
    private bool _announced;
    private bool _acceptHeld;
    private bool _clientMoved;
    private uint _clientMoveSeq;
    private uint _moveSeq;
    private TaskCompletionSource? _settled;

    public ServerStream(TunnelServer server, TunnelContext context, ServerPeer peer, ServerInstance instance, uint id, TimeSpan now)
        : base(context, id, now)
    {
        _server = server;
        _instance = instance;
        Client = peer;
        AcceptDue = TimeSpan.MaxValue;
        Deadline = TimeSpan.MaxValue;
        Bind(peer, instance.Pump, peer.ReplySubject);
    }

    public ServerPeer Client { get; }

    public RequestHead Request { get; } = new();

    public HeadVerdict Verdict { get; private set; } = HeadVerdict.Malformed;

    public ServerExchange? Exchange { get; set; }

    public CancellationToken Aborted => _aborted.Token;

    public TimeSpan AcceptDue { get; set; }

    public TimeSpan Deadline { get; set; }

    public ServerInstance Instance => _instance;

    /// <summary>The connection it was on before its last move.</summary>
    public ServerInstance? MovedFrom { get; private set; }

    public bool IsOpen => !IsClosed;

    /// <summary>The client knows our instance, so it may have sent more than the OPEN.</summary>
    public bool Announced => Volatile.Read(ref _announced);

    protected override bool MayHaveBody => true;

    void IThreadPoolWorkItem.Execute() => _ = _server.RunAsync(this);

    /// <summary>Says that the request is in work, when nothing was said yet.</summary>
    public void SendAccept()
    {
        lock (Gate)
        {
            AcceptDue = TimeSpan.MaxValue;
            if (IsPaused)
            {
                // It would name the instance that is left, and come after the move.
                _acceptHeld = true;
            }
            else if (!_announced && !IsClosed)
            {
                _announced = true;
                Pump!.SendControl(Subject!, default, ControlFrames.Accept(Id, _instance.Id));
            }
        }
    }

    /// <summary>Sends a response head; 1xx too.</summary>
    public async ValueTask SendHeadAsync(ResponseHead head, ReadOnlyMemory<byte> body, bool end, CancellationToken cancellationToken)
    {
        var writer = new HeadWriter(FrameHeader.Size);
        try
        {
            // The instance is written when the frame leaves: the stream may move while it waits.
            _ = writer.Take(InstanceId.Size);
            HeadCodec.WriteResponse(ref writer, head);
            if (writer.Length - FrameHeader.Size - InstanceId.Size - 4 > HeadRules.MaxHead)
            {
                throw new InvalidOperationException("The response head is over the limit of 64 KiB.");
            }

            await SendBlockAsync(FrameType.Head, writer.Written, body, end, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            writer.Dispose();
        }
    }

    public async ValueTask SendTrailersAsync(TunnelHeaders trailers, CancellationToken cancellationToken)
    {
        var writer = new HeadWriter(FrameHeader.Size);
        try
        {
            HeadCodec.WriteTrailers(ref writer, trailers);
            await SendBlockAsync(FrameType.Trailers, writer.Written, default, end: true, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            writer.Dispose();
        }
    }

    protected override void OnSendingBlock(FrameType type, Span<byte> frame)
    {
        if (type == FrameType.Head)
        {
            _instance.Id.Write(frame[FrameHeader.Size..]);
        }
    }

    protected override void OnSentBlock()
    {
        _announced = true;
        AcceptDue = TimeSpan.MaxValue;
    }

    protected override ResetCode? OnHead(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (header.Type != FrameType.Open || header.Seq != 0)
        {
            return ResetCode.Protocol;
        }

        Verdict = HeadCodec.ReadRequest(payload, Request, out var body);
        if (Verdict != HeadVerdict.Ok)
        {
            return null;
        }

        ExpectedLength = Request.Upgrade.Length > 0 ? -1 : Request.ContentLength;
        return DeliverInlined(body);
    }

    protected override void OnClosed(TunnelException? exception)
    {
        Client.Remove(this);
        lock (Gate)
        {
            _ = _settled?.TrySetResult();
        }

        if (exception is not null)
        {
            // Callbacks of the app run on the pool, never on the read loop.
            _ = _aborted.CancelAsync();
        }
    }

    /// <summary>The deadline passed: the app should stop, whatever the stream still does.</summary>
    public void Abort() => _ = _aborted.CancelAsync();

    /// <summary>First step of a move: nothing new leaves over the old connection.</summary>
    public void BeginMove()
    {
        lock (Gate)
        {
            PauseSending();
        }
    }

    /// <summary>Second step, after the old connection was flushed: go on over the new one. The task ends when the client has followed.</summary>
    public Task MoveTo(ServerInstance instance)
    {
        Task settled;
        lock (Gate)
        {
            ResumeSending();
            MovedFrom = _instance;
            _instance = instance;
            Bind(Client, instance.Pump, Client.ReplySubject);
            if (_announced && !IsClosed)
            {
                ReceiveMoving = true;
                _clientMoved = false;
                _moveSeq = NextSendSeq;

                // One that has not followed the last move yet need only follow this one: both wait for the same.
                _settled ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
                SendMove();
                settled = _settled.Task;
            }
            else
            {
                settled = Task.CompletedTask;
            }

            if (_acceptHeld)
            {
                SendAccept();
            }
        }

        Wake();
        return settled;
    }

    /// <summary>The client's answer: its frames from this number on come over the connection it names.</summary>
    /// <param name="to">Where it came, which is where it moved to.</param>
    /// <param name="nextSeq">Its next number.</param>
    /// <returns>True when the client has followed, but frames of it are still under way on the old connection.</returns>
    public bool OnMoved(ServerInstance to, uint nextSeq)
    {
        lock (Gate)
        {
            if (!ReceiveMoving || _clientMoved || !ReferenceEquals(to, _instance))
            {
                return false;
            }

            _clientMoved = true;
            _clientMoveSeq = nextSeq;
            OnCaughtUp();
            return ReceiveMoving;
        }
    }

    /// <summary>The connection this stream moved from is gone: what the client sent there and has not come is lost.</summary>
    public void OnOldLost()
    {
        lock (Gate)
        {
            if (!ReceiveMoving || !_clientMoved)
            {
                return;
            }
        }

        Fail(new TunnelException(TunnelError.FrameLost), tell: true);
    }

    /// <summary>Says MOVE again when it was not answered: like every control frame it may have been lost.</summary>
    public PingSnapshot SnapshotToPing()
    {
        lock (Gate)
        {
            if (ReceiveMoving && !_clientMoved && !IsClosed)
            {
                SendMove();
            }

            return new(Pump!, Snapshot());
        }
    }

    protected override bool IsOrderedBy(ServerInstance? via) => ReferenceEquals(via, _instance);

    private void SendMove() => Pump!.SendControl(Subject!, default, ControlFrames.Move(Id, _moveSeq, _instance.Id));

    protected override void OnCaughtUp()
    {
        if (_clientMoved && (int)(NextReceiveSeq - _clientMoveSeq) >= 0)
        {
            _clientMoved = false;
            ReceiveMoving = false;
            _ = _settled?.TrySetResult();
            _settled = null;
        }
    }

    /// <summary>What to say of a stream, and over which connection.</summary>
    internal readonly record struct PingSnapshot(CarrierPump Way, PingFrame.Entry Entry);
}
