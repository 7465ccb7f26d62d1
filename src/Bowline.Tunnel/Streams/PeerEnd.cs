namespace Bowline.Tunnel;

/// <summary>
/// The other side of a connection: one server object as a client sees it, or one client as a server sees it. Holds the shared window, the
/// keepalive and the round trip; the streams' own state is theirs.
/// </summary>
internal abstract class PeerEnd(TunnelContext context, ulong boot)
{
    /// <summary>RESETs for streams that only the other side knows; it asks again for the rest.</summary>
    internal const int StrangersPerSecond = 64;

    /// <summary>After a stream turned out to be unknown there: there may be more of them.</summary>
    internal static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly ConnectionCredit _credit = new(context.Limits.ConnectionWindow);
    private readonly Keepalive _keepalive = new(context.Limits.KeepaliveInterval, context.Limits.KeepaliveMisses, context.Clock.Now);
    private readonly HashSet<StreamEnd> _blocked = [];
    private readonly Interactivity _interactivity = new();
    private readonly Allowance _strangers = new(StrangersPerSecond);
    private readonly Allowance _questions = new(1);
    private uint _pingNonce;
    private TimeSpan _pingSentAt;
    private TimeSpan _roundTripAt;
    private long _roundTripTicks;

    protected TunnelContext Context => context;

    /// <summary>The server's boot, on both sides.</summary>
    public ulong Boot => boot;

    /// <summary>The shortest round trip of late: longer ones measure our own queues.</summary>
    public TimeSpan RoundTrip => TimeSpan.FromTicks(Volatile.Read(ref _roundTripTicks));

    public int TakeCredit(int wanted, StreamEnd who)
    {
        lock (_gate)
        {
            var taken = _credit.Take(wanted);
            if (taken == 0)
            {
                // Each once, however often it asks: stream windows cost the other side nothing.
                _ = _blocked.Add(who);
            }

            return taken;
        }
    }

    public void ReturnCredit(int bytes)
    {
        lock (_gate)
        {
            _credit.Return(bytes);
        }
    }

    /// <summary>Body bytes came; false when the other side sent more than it may.</summary>
    public bool OnData(int bytes)
    {
        lock (_gate)
        {
            return _credit.Receive(bytes);
        }
    }

    public void OnConsumed(long bytes)
    {
        if (bytes > 0)
        {
            lock (_gate)
            {
                if (_credit.Consume(bytes))
                {
                    SendWindow();
                }
            }
        }
    }

    public void OnWindow(long limit)
    {
        StreamEnd[] awake;
        lock (_gate)
        {
            if (!_credit.Raise(limit) || _blocked.Count == 0)
            {
                return;
            }

            awake = [.. _blocked];
            _blocked.Clear();
        }

        foreach (var stream in awake)
        {
            stream.Wake();
        }
    }

    /// <summary>A stream opened, answered or spoke after a pause: others should leave it room.</summary>
    public void OnInteractive(uint stream, TimeSpan now)
    {
        lock (_gate)
        {
            _interactivity.Seen(stream, now);
        }
    }

    /// <summary>True while short exchanges run beside this stream.</summary>
    public bool IsShared(uint stream, TimeSpan now)
    {
        lock (_gate)
        {
            return _interactivity.IsBeside(stream, now);
        }
    }

    public void Heard()
    {
        lock (_gate)
        {
            _keepalive.Heard();
        }
    }

    public void BeginKeepalive(TimeSpan now)
    {
        lock (_gate)
        {
            _keepalive.Begin(now);
        }
    }

    /// <summary>The next ping is due soon.</summary>
    public void Hasten(TimeSpan due)
    {
        lock (_gate)
        {
            _keepalive.Hasten(due);
        }
    }

    /// <summary>What is due now, and when to ask again.</summary>
    public KeepaliveStep StepKeepalive(TimeSpan now, out TimeSpan nextDue)
    {
        lock (_gate)
        {
            var step = _keepalive.Step(now);
            nextDue = _keepalive.NextDue;
            return step;
        }
    }

    /// <summary>Asks for a sign of life and says what we think of every stream.</summary>
    public void Ping()
    {
        foreach (var batch in StreamsToPing())
        {
            for (var start = 0; start == 0 || start < batch.Entries.Length; start += PingFrame.MaxStreams)
            {
                byte[] frame;
                lock (_gate)
                {
                    _pingNonce++;
                    _pingSentAt = context.Clock.Now;
                    var part = batch.Entries.AsSpan(start, Math.Min(PingFrame.MaxStreams, batch.Entries.Length - start));

                    // Bytes under way on another connection would look lost.
                    frame = PingFrame.Write(_pingNonce, new(boot, _credit.ReceiveLimit, SentUnordered ? 0 : _credit.Sent), part);
                }

                SendPing(batch.Pump, frame);
            }
        }
    }

    /// <summary>Measures the round trip when that is worth a frame: at most once per second, when a body is flowing.</summary>
    public void MeasureRoundTrip(TimeSpan now)
    {
        lock (_gate)
        {
            if (_roundTripAt != TimeSpan.Zero && now - _roundTripAt < TimeSpan.FromSeconds(1))
            {
                return;
            }

            _roundTripAt = now;
        }

        Ping();
    }

    public void OnPong(uint nonce, TimeSpan now)
    {
        lock (_gate)
        {
            _keepalive.Heard();
            if (nonce != _pingNonce)
            {
                return;
            }

            var sample = (now - _pingSentAt).Ticks;
            var old = _roundTripTicks;
            Volatile.Write(ref _roundTripTicks, old == 0 || sample < old ? sample : old + ((sample - old) / 16));
        }
    }

    /// <summary>The other side's ping: raise limits, give back what was lost, and find streams that disagree.</summary>
    /// <param name="totals">What it says of the connection.</param>
    /// <param name="payload">The frame's payload.</param>
    /// <param name="count">Its entries.</param>
    /// <param name="via">The connection it came by, on a server: it says nothing about what is under way on another.</param>
    public void OnPing(PingFrame.Totals totals, ReadOnlySpan<byte> payload, int count, ServerInstance? via = null)
    {
        OnWindow(totals.Limit);
        if (!AnyMoving)
        {
            lock (_gate)
            {
                if (_credit.Reconcile(totals.Sent))
                {
                    SendWindow();
                }
            }
        }

        var known = 0;
        for (var i = 0; i < count; i++)
        {
            var entry = PingFrame.ReadEntry(payload, i);
            if (FindStream(entry.StreamId) is not { } stream)
            {
                if (TryTake(_strangers))
                {
                    OnUnknownStream(entry.StreamId);
                }

                continue;
            }

            known++;
            if (!stream.Agrees(entry, via))
            {
                stream.Fail(new TunnelException(TunnelError.FrameLost), tell: true);
            }
        }

        // It may have ended streams and its RESETs were lost: our own ping finds out which.
        if (count < PingFrame.MaxStreams && known < KnownToBoth && !AnyMoving && TryTake(_questions))
        {
            Ping();
        }
    }

    private bool TryTake(Allowance allowance)
    {
        lock (_gate)
        {
            return allowance.TryTake(context.Clock.Now);
        }
    }

    /// <summary>Frames of this peer go out under a lock of their own, so a window never overtakes a larger one.</summary>
    private void SendWindow()
    {
        Span<byte> frame = stackalloc byte[ControlFrames.WindowSize];
        ControlFrames.Window(frame, 0, _credit.ReceiveLimit, boot);
        SendControl(frame);
    }

    protected abstract bool AnyMoving { get; }

    /// <summary>True while body bytes leave by more than one connection, so that their sum and a ping have no order.</summary>
    protected virtual bool SentUnordered => false;

    public abstract void SendControl(ReadOnlySpan<byte> frame);

    protected abstract void SendPing(CarrierPump way, byte[] frame);

    protected abstract StreamEnd? FindStream(uint streamId);

    /// <summary>Our streams that the other side has heard of.</summary>
    protected abstract int KnownToBoth { get; }

    /// <summary>All streams, by connection; one empty batch when there are none.</summary>
    protected abstract IReadOnlyList<PingBatch> StreamsToPing();

    /// <summary>The other side pings a stream we do not have.</summary>
    protected abstract void OnUnknownStream(uint streamId);
}
