using Bowline.Core.Time;

namespace Bowline.Nostr;

/// <summary>
/// One socket to one relay, as a machine: events in, effects out, and the next message when the socket is ready for one. It reads no
/// clock, waits for nothing and is not safe for concurrent use.
/// </summary>
internal sealed partial class LinkMachine
{
    private const int MostChallenges = 8;

    // An id that no event has: the relay can answer without looking far.
    private static readonly NostrFilter ProbeFilter = new() { Ids = [EventId.FromBytes(new byte[EventId.Size])], Limit = 1 };

    private readonly Uri _relay;
    private readonly RelayClientOptions _options;
    private readonly Backoff _backoff;
    private readonly Queue<ClientMessage> _control = [];
    private List<LinkEffect> _effects = [];
    private int _op;
    private bool _isInformed;
    private TimeSpan? _dialAt;
    private TimeSpan? _probeDeadline;
    private TimeSpan _openedAt;
    private string? _probeId;
    private int _strikes;
    private int _lastId;

    public LinkMachine(Uri relay, RelayClientOptions options, Random random)
    {
        _relay = relay;
        _options = options;
        _backoff = new Backoff(options.RetryMin, options.RetryMax, random);
        _proofs = new KeyProofs(relay);
        _planner = new RequestPlanner(options.ReplayOverlap, NextId);
    }

    public RelayPhase Phase { get; private set; } = RelayPhase.Waiting;

    public int Connects { get; private set; }

    public long Forged { get; private set; }

    public long Malformed { get; private set; }

    public string? LastError { get; private set; }

    /// <summary>When <see cref="LinkEvent.Ticked"/> is due; null: never.</summary>
    public TimeSpan? NextWake => Earliest(_dialAt, _probeDeadline, _authDeadline, _publishDue, _askAgainAt);

    public IReadOnlyList<LinkEffect> Handle(LinkEvent occurred, Moment now)
    {
        _effects = [];
        if (Phase != RelayPhase.Closed)
        {
            Dispatch(occurred, now);
        }

        return _effects;
    }

    /// <summary>The next message for this socket, or null when there is none now.</summary>
    public ClientMessage? Next(int op, Moment now)
    {
        if (op != _op || Phase != RelayPhase.Open)
        {
            return null;
        }

        if (_isDirty && _isInformed && _proofs.Outstanding == 0)
        {
            PlanRequests(now);
        }

        return _control.TryDequeue(out var control) ? control : NextRequest() ?? (ClientMessage?)NextPublish();
    }

    /// <summary>There may be a next message.</summary>
    public bool WantsToSend => Phase == RelayPhase.Open
        && (_control.Count > 0 || _unsent.Count > 0 || _toPublish.Count > 0 || (_isDirty && _isInformed && _proofs.Outstanding == 0));

    private static TimeSpan? Earliest(params ReadOnlySpan<TimeSpan?> times)
    {
        TimeSpan? earliest = null;
        foreach (var time in times)
        {
            earliest = time < earliest || earliest is null ? time ?? earliest : earliest;
        }

        return earliest;
    }

    private void Dispatch(LinkEvent occurred, Moment now)
    {
        switch (occurred)
        {
            case LinkEvent.Started:
                Dial();
                break;
            case LinkEvent.Stopped:
                Stop();
                break;
            case LinkEvent.Dialed dialed:
                Open(dialed.Op, now);
                break;
            case LinkEvent.DialFailed failed when failed.Op == _op && Phase == RelayPhase.Connecting:
                Leave(failed.Text, _backoff.Next(), now);
                break;
            case LinkEvent.Lost lost when IsCurrent(lost.Op):
                Leave(lost.Text, NextWait(now), now);
                break;
            case LinkEvent.Informed informed:
                // A relay that restarts may not answer this time: what it said before still holds.
                _limits = informed.Information is null && _isInformed ? _limits : RelayLimits.From(informed.Information);
                _isInformed = true;
                break;
            case LinkEvent.Received received when IsCurrent(received.Op):
                Receive(received.Message, now);
                break;
            case LinkEvent.Garbage garbage when IsCurrent(garbage.Op):
                Strike(garbage.Text, garbage.IsForged, now);
                break;
            case LinkEvent.Subscribed subscribed:
                Subscribe(subscribed.Subscription, now);
                break;
            case LinkEvent.Unsubscribed unsubscribed:
                Unsubscribe(unsubscribed.Subscription);
                break;
            case LinkEvent.Published published:
                Publish(published.Publish, now);
                break;
            case LinkEvent.PublishCancelled cancelled:
                Forget(cancelled.Publish);
                break;
            case LinkEvent.Resumed or LinkEvent.NetworkChanged:
                Doubt(now);
                break;
            case LinkEvent.Ticked:
                Tick(now);
                break;
        }
    }

    private bool IsCurrent(int op) => op == _op && Phase == RelayPhase.Open;

    private string NextId() => "b" + (++_lastId).ToString(System.Globalization.CultureInfo.InvariantCulture);

    private void Dial()
    {
        _dialAt = null;
        _op++;
        Phase = RelayPhase.Connecting;
        _effects.Add(new LinkEffect.Dial(_op));
    }

    private void Open(int op, Moment now)
    {
        if (op != _op || Phase != RelayPhase.Connecting)
        {
            _effects.Add(new LinkEffect.Orphan(op, "it came too late"));
            return;
        }

        Phase = RelayPhase.Open;
        Connects++;
        _openedAt = now.Elapsed;
        _strikes = 0;
        _effects.Add(new LinkEffect.Clear(RelayHealth.Unreachable));
    }

    /// <summary>A socket that lived long enough was a good one: the next wait is short again.</summary>
    private TimeSpan NextWait(Moment now)
    {
        if (now.Elapsed - _openedAt >= _options.StableAfter)
        {
            _backoff.Reset();
        }

        return _backoff.Next();
    }

    private void Leave(string text, TimeSpan wait, Moment now)
    {
        LastError = text;
        Phase = RelayPhase.Waiting;
        _dialAt = now.Elapsed + wait;
        _probeDeadline = null;
        _authDeadline = null;
        _control.Clear();
        _proofs.Reset();
        LeaveRequests();
        ResetPublishes();
        _effects.Add(new LinkEffect.Raise(RelayHealth.Unreachable, $"{_relay} cannot be reached: {text}"));
    }

    /// <summary>Drops the present socket and dials at once.</summary>
    private void Redial(string text, Moment now)
    {
        _effects.Add(new LinkEffect.Orphan(_op, text));
        Leave(text, TimeSpan.Zero, now);
        Dial();
    }

    /// <summary>The process was frozen or the network changed: what there is must prove itself, or is made anew at once.</summary>
    private void Doubt(Moment now)
    {
        _backoff.Reset();
        switch (Phase)
        {
            case RelayPhase.Waiting:
                Dial();
                break;
            case RelayPhase.Connecting:
                _effects.Add(new LinkEffect.Orphan(_op, "dialled before the change"));
                Dial();
                break;
            case RelayPhase.Open:
                _probeId = NextId();
                _probeDeadline = now.Elapsed + _options.ProbeTimeout;
                _control.Enqueue(new ClientRequestMessage(_probeId, [ProbeFilter]));
                break;
        }
    }

    private void Tick(Moment now)
    {
        if (_dialAt <= now.Elapsed)
        {
            Dial();
        }

        if (_probeDeadline <= now.Elapsed)
        {
            Redial("no answer after a freeze or a change of network", now);
        }

        if (_authDeadline <= now.Elapsed)
        {
            _proofs.GiveUp();
            ProofsAreIn(now);
        }

        AskAgain(now);
        ExpirePublishes(now);
    }

    private void Receive(RelayMessage message, Moment now)
    {
        switch (message)
        {
            case RelayEventMessage { SubscriptionId: var id, Event: var value }:
                OnEvent(id, value, now);
                break;
            case RelayEndOfStoredMessage { SubscriptionId: var id } when !IsProbe(id, isOpen: true):
                OnEndOfStored(id, now);
                break;
            case RelayClosedMessage closed when !IsProbe(closed.SubscriptionId, isOpen: false):
                OnClosed(closed, now);
                break;
            case RelayOkMessage ok:
                OnOk(ok, now);
                break;
            case RelayAuthMessage { Challenge: var challenge }:
                OnChallenge(challenge, now);
                break;
            case RelayNoticeMessage { Text: var text }:
                LastNotice = text;
                break;
        }
    }

    /// <summary>What the relay said last to people.</summary>
    public string? LastNotice { get; private set; }

    private bool IsProbe(string id, bool isOpen)
    {
        if (id != _probeId)
        {
            return false;
        }

        _probeId = null;
        _probeDeadline = null;
        if (isOpen)
        {
            _control.Enqueue(new ClientCloseMessage(id));
        }

        return true;
    }

    private void Strike(string text, bool isForged, Moment now)
    {
        Forged += isForged ? 1 : 0;
        Malformed += isForged ? 0 : 1;
        _effects.Add(isForged
            ? new LinkEffect.Raise(RelayHealth.Forged, $"{_relay} sent {Forged} events with a wrong id or signature; nobody saw them.")
            : new LinkEffect.Raise(RelayHealth.Garbage, $"{_relay} sent {Malformed} messages that are none: {text}"));
        if (++_strikes >= _options.MaxStrikes)
        {
            _effects.Add(new LinkEffect.Orphan(_op, "too much garbage"));
            Leave("too much garbage: " + text, _options.RetryMax, now);
        }
    }

    private void Stop()
    {
        if (Phase is RelayPhase.Open or RelayPhase.Connecting)
        {
            _effects.Add(new LinkEffect.Orphan(_op, "closed"));
        }

        foreach (var subscription in _subscriptions)
        {
            End(subscription, new RelayException(RelayError.Closed, _relay, "The connection was closed."));
        }

        foreach (var publish in _publishes.Values.SelectMany(static list => list))
        {
            Finish(publish, publish.WasSent ? RelayPublishStatus.TimedOut : RelayPublishStatus.Unreachable, "the connection was closed");
        }

        _subscriptions.Clear();
        _publishes.Clear();
        _dialAt = _probeDeadline = _authDeadline = _publishDue = _askAgainAt = null;
        Phase = RelayPhase.Closed;
    }
}
