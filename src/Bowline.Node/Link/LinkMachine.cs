using Bowline.Core.Time;

namespace Bowline.Node.Link;

/// <summary>
/// Every decision about the link, without any I/O: <c>(state, event, now) -> effects</c>. One acquisition (session, then
/// connection) runs at a time; the link in use keeps serving meanwhile. Nothing here waits for a graceful close.
/// </summary>
/// <param name="timings">The waits.</param>
/// <param name="random">Jitter, injected.</param>
internal sealed class LinkMachine(LinkTimings timings, Random random)
{
    // After this many failed connections the session is not trusted any more: its addresses may be out of date.
    private const int DialsPerSession = 2;

    private readonly Backoff _backoff = new(timings.RetryMin, timings.RetryMax, random);
    private readonly List<LinkEffect> _effects = [];
    private Step _step = Step.Idle;
    private TimeSpan _waitUntil;
    private int _op;
    private int _probe;
    private int _failedDials;
    private Lease? _lease;
    private Lease? _dialing;
    private Current? _current;
    private HereReason _reason = HereReason.Start;

    private enum Step
    {
        Idle,
        Waiting,
        Fetching,
        Dialing,
    }

    private enum Pulse
    {
        Up,
        Suspect,
        Down,
    }

    /// <summary>What the loop knows about its link.</summary>
    public LinkPhase Phase { get; private set; } = LinkPhase.Stopped;

    /// <summary>When <see cref="LinkEvent.Ticked"/> is wanted next; null when only other events matter.</summary>
    public TimeSpan? NextWake
    {
        get
        {
            return _step switch
            {
                Step.Waiting => _waitUntil,
                Step.Idle when _current is { Pulse: Pulse.Up } up => up.RenewAt,
                Step.Idle when _current is { } down => down.ChangedAt + timings.ReconnectGrace,
                _ => null,
            };
        }
    }

    /// <summary>Takes one event and returns what is to be done, in order.</summary>
    /// <param name="occurred">The event.</param>
    /// <param name="now">A clock that never steps and counts sleep.</param>
    public IReadOnlyList<LinkEffect> Handle(LinkEvent occurred, TimeSpan now)
    {
        _effects.Clear();
        if (Phase != LinkPhase.Stopped || occurred is LinkEvent.Started)
        {
            Apply(occurred, now);
        }
        else if (occurred is LinkEvent.Dialed late)
        {
            _effects.Add(new LinkEffect.Drop(late.Op));
        }

        return [.. _effects];
    }

    private void Apply(LinkEvent occurred, TimeSpan now)
    {
        switch (occurred)
        {
            case LinkEvent.Started when Phase == LinkPhase.Stopped:
                Phase = LinkPhase.Connecting;
                _reason = HereReason.Start;
                Fetch();
                break;
            case LinkEvent.Ticked:
                Tick(now);
                break;
            case LinkEvent.SessionReceived received when received.Op == _op && _step == Step.Fetching:
                _lease = new Lease(received.Session, now + (received.Session.Life * timings.RenewAfter), now + received.Session.Life);
                _failedDials = 0;
                _step = Step.Idle;
                Dial();
                break;
            case LinkEvent.SessionFailed failed when failed.Op == _op && _step == Step.Fetching:
                Fail(failed.Fault, failed.Text, now);
                break;
            case LinkEvent.Dialed dialed:
                Adopt(dialed.Op, now);
                break;
            case LinkEvent.DialFailed failed when failed.Op == _op && _step == Step.Dialing:
                if (failed.Fault == NodeError.CredentialsRefused || ++_failedDials >= DialsPerSession)
                {
                    _lease = null;
                }

                Fail(failed.Fault, failed.Text, now);
                break;
            case LinkEvent.Lost lost when lost.Link == _current?.Link:
                _current = _current with { Pulse = Pulse.Down, ChangedAt = now };
                Phase = LinkPhase.Reconnecting;
                _reason = HereReason.Reconnect;
                break;
            case LinkEvent.Regained regained when regained.Link == _current?.Link:
                Revive(_reason == HereReason.Resume ? HereReason.Resume : HereReason.Reconnect, now);
                break;
            case LinkEvent.Rejected rejected when rejected.Link == _current?.Link:
                _current = _current with { Pulse = Pulse.Down, ChangedAt = now };
                Phase = LinkPhase.Reconnecting;
                _lease = null;
                if (_step == Step.Idle)
                {
                    Fetch();
                }

                break;
            case LinkEvent.ProbeAnswered answered when answered.Link == _current?.Link && _current.Pulse != Pulse.Down:
                Revive(_reason, now);
                break;
            case LinkEvent.ProbeFailed failed when failed.Link == _current?.Link && failed.Probe == _probe && _current.Pulse == Pulse.Up:
                _current = _current with { Pulse = Pulse.Suspect, ChangedAt = now };
                Phase = LinkPhase.Reconnecting;
                if (_step is Step.Idle or Step.Waiting)
                {
                    Acquire(now);
                }

                break;
            case LinkEvent.Resumed:
                Nudge(HereReason.Resume, now);
                break;
            case LinkEvent.NetworkChanged:
                Nudge(HereReason.Reconnect, now);
                break;
            case LinkEvent.StopRequested:
                Stop();
                break;
        }
    }

    private void Tick(TimeSpan now)
    {
        if (NextWake is not { } due || now < due)
        {
            return;
        }

        if (_step == Step.Waiting)
        {
            Acquire(now);
        }
        else
        {
            // Due for renewal, or the connection did not come back by itself: either way a fresh session.
            Fetch();
        }
    }

    /// <summary>The world may have changed while nobody looked: try at once whatever was waiting, and ask the link for a sign of life.</summary>
    private void Nudge(HereReason reason, TimeSpan now)
    {
        _reason = reason;
        _backoff.Reset();
        if (_current is { Pulse: Pulse.Up } up)
        {
            _effects.Add(new LinkEffect.Probe(up.Link, ++_probe));
            if (_step != Step.Idle || now >= up.RenewAt)
            {
                Acquire(now);
            }
        }
        else
        {
            Acquire(now);
        }
    }

    private void Acquire(TimeSpan now)
    {
        if (_lease is { } lease && now < lease.RenewAt)
        {
            Dial();
        }
        else
        {
            Fetch();
        }
    }

    private void Fetch()
    {
        Abandon();
        _step = Step.Fetching;
        _effects.Add(new LinkEffect.Fetch(++_op));
    }

    private void Dial()
    {
        Abandon();
        _step = Step.Dialing;
        _dialing = _lease!;
        _effects.Add(new LinkEffect.Dial(++_op, _dialing.Session));
    }

    private void Abandon()
    {
        if (_step is Step.Fetching or Step.Dialing)
        {
            _effects.Add(new LinkEffect.Abandon(_op));
        }

        _step = Step.Idle;
    }

    private void Fail(NodeError fault, string text, TimeSpan now)
    {
        var revoked = fault == NodeError.DeviceUnknown;
        _step = Step.Waiting;
        _waitUntil = now + (revoked ? timings.RevokedRetry : _backoff.Next());
        var (code, command) = LinkHealth.Of(fault);
        ClearTroubles(except: code.Code);
        _effects.Add(new LinkEffect.Raise(code, text, command));
        if (revoked)
        {
            Phase = LinkPhase.Revoked;
            _lease = null;
            if (_current is { } current)
            {
                // Its own attempts to come back would only be refused again and again.
                _effects.Add(new LinkEffect.Drop(current.Link));
                _current = null;
            }
        }
        else if (_current is { Pulse: Pulse.Suspect } suspect)
        {
            // It answered late rather than never, perhaps: a new one could not be had, so ask the old one again.
            _effects.Add(new LinkEffect.Probe(suspect.Link, ++_probe));
        }
        else if (Phase == LinkPhase.Revoked)
        {
            Phase = LinkPhase.Reconnecting;
        }
    }

    private void Adopt(int op, TimeSpan now)
    {
        if (op != _op || _step != Step.Dialing)
        {
            _effects.Add(new LinkEffect.Drop(op));
            return;
        }

        var old = _current;
        var lease = _dialing!;
        _current = new Current(op, Pulse.Up, now, lease.RenewAt, lease.EndsAt);
        _step = Step.Idle;
        _failedDials = 0;
        _backoff.Reset();
        var renewal = Phase == LinkPhase.Online;
        Phase = LinkPhase.Online;
        ClearTroubles(except: null);
        if (!renewal || _reason == HereReason.Resume)
        {
            _effects.Add(new LinkEffect.SayHere(op, _reason));
        }

        _reason = HereReason.Reconnect;
        if (old is { Pulse: Pulse.Up })
        {
            _effects.Add(new LinkEffect.Drain(old.Link, old.EndsAt - EndMargin(old.EndsAt - now)));
        }
        else if (old is not null)
        {
            _effects.Add(new LinkEffect.Drop(old.Link));
        }
    }

    /// <summary>Of what is left when the next connection serves, a part at most: after a late renewal, or of a short session, streams need the rest to move.</summary>
    private TimeSpan EndMargin(TimeSpan left)
    {
        var part = left * timings.EndMarginPart;
        return part < timings.EndMargin ? part : timings.EndMargin;
    }

    /// <summary>The link in use has shown that it lives.</summary>
    private void Revive(HereReason reason, TimeSpan now)
    {
        var current = _current!;
        var wasAway = current.Pulse != Pulse.Up;
        _current = current with { Pulse = Pulse.Up, ChangedAt = wasAway ? now : current.ChangedAt };
        Phase = LinkPhase.Online;
        _reason = HereReason.Reconnect;
        _effects.Add(new LinkEffect.SayHere(current.Link, reason));
        if (wasAway && now < current.RenewAt)
        {
            Abandon();
            _backoff.Reset();
            ClearTroubles(except: null);
        }
    }

    private void Stop()
    {
        Abandon();
        Phase = LinkPhase.Stopped;
        if (_current is { } current)
        {
            _effects.Add(current.Pulse == Pulse.Up ? new LinkEffect.SayGoodbye(current.Link) : new LinkEffect.Drop(current.Link));
        }

        _current = null;
        _lease = null;
    }

    private void ClearTroubles(string? except) => _effects.AddRange(LinkHealth.All
        .Where(code => code.Code != except)
        .Select(code => new LinkEffect.Clear(code)));

    private sealed record Lease(LinkSession Session, TimeSpan RenewAt, TimeSpan EndsAt);

    private sealed record Current(int Link, Pulse Pulse, TimeSpan ChangedAt, TimeSpan RenewAt, TimeSpan EndsAt);
}
