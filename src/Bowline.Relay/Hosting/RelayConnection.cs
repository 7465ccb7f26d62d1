using Bowline.Nostr;

namespace Bowline.Relay;

/// <summary>One client: reads messages, asks the session, and does what it says. Work that takes time is in <see cref="RelayWork"/>.</summary>
internal sealed class RelayConnection : ISubscriber, IDisposable
{
    [ThreadStatic]
    private static List<RelayEffect>? _effects;

    private readonly RelayCore _core;
    private readonly RelaySession _session;
    private readonly SocketInput _input;
    private readonly Outbox _outbox;
    private readonly RelayWork _work;
    private readonly Action _abort;
    private readonly Lock _lock = new();
    private HashSet<PresenceKey>? _presences;
    private long _heardAt;
    private long _closingSince;
    private bool _pinged;
    private bool _stopping;
    private int _disconnected;

    public RelayConnection(RelayCore core, long number, Stream stream, AddressUse address, string host, Action abort)
    {
        _core = core;
        Number = number;
        _abort = abort;
        _session = new(core.Rules, address, RelayCore.NewChallenge(), host, core.Now);
        _input = new(stream, core.Rules.Limits.MessageBytes);
        _outbox = new(stream, core.Rules.Limits.OutgoingBytes, core.Time, exception => Drop(exception.Message));
        _work = new(core, this, _outbox);
        _heardAt = core.Time.GetTimestamp();
    }

    public long Number { get; }

    /// <inheritdoc/>
    public Audience Audience => _session.Audience;

    /// <summary>Serves the client until it is gone.</summary>
    public async Task RunAsync()
    {
        try
        {
            With(static (session, _, effects) => session.Start(effects), true, always: true);
            await ReadAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException)
        {
            Drop(exception.Message);
        }
        finally
        {
            _outbox.Uncork();
            Release();
            await _work.WaitForNoneAsync().ConfigureAwait(false);
            With(static (session, _, effects) => session.Stop(effects), true, always: true);
            Disconnect(SocketStatus.Normal, "");
            await _outbox.WaitForIdleAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Takes no more messages, answers those that were taken, and closes.</summary>
    public async Task StopAsync()
    {
        lock (_lock)
        {
            _stopping = true;
        }

        await _work.WaitForNoneAsync().ConfigureAwait(false);
        Disconnect(SocketStatus.GoingAway, "the relay is going away");
    }

    /// <summary>Looks after pings and stalls.</summary>
    public void Sweep(long timestamp)
    {
        var limits = _core.Rules.Limits;
        var closingSince = Interlocked.Read(ref _closingSince);
        var silent = _core.Time.GetElapsedTime(Interlocked.Read(ref _heardAt), timestamp);
        if (_outbox.WritingFor(timestamp) > limits.Patience)
        {
            Drop("a write got nowhere");
        }
        else if (closingSince != 0 && _core.Time.GetElapsedTime(closingSince, timestamp) > limits.Patience)
        {
            Drop("the close was not answered");
        }
        else if (silent > limits.PingAfter + limits.Patience)
        {
            Drop("a ping was not answered");
        }
        else if (silent > limits.PingAfter && !Volatile.Read(ref _pinged))
        {
            Volatile.Write(ref _pinged, true);
            _ = _outbox.TryPost(FrameKind.Ping, default);
        }
    }

    /// <summary>Cuts the connection.</summary>
    public void Drop(string reason)
    {
        if (Interlocked.Exchange(ref _disconnected, 2) != 2)
        {
            RelayLog.Gone(_core.Logger, Number, reason);
            _abort();
        }
    }

    /// <inheritdoc/>
    public void Post(Subscription subscription, ReadOnlyMemory<byte> json, bool hasRoom)
    {
        if (!_outbox.TryPost(subscription, json, hasRoom))
        {
            Overflow();
        }
    }

    /// <inheritdoc/>
    public void Post(RelayMessage message)
    {
        if (!_outbox.TryPost(message))
        {
            Overflow();
        }
    }

    /// <inheritdoc/>
    public void Overflow() => Disconnect(SocketStatus.PolicyViolation, "too slow: too much waits to be sent", giveUpWaiting: true);

    /// <summary>A query failed.</summary>
    public void Fail(Subscription subscription, string text) => With(static (session, what, effects) => session.Fail(what.subscription, what.text, effects), (subscription, text), always: true);

    public void Dispose()
    {
        _input.Dispose();
        _work.Dispose();
    }

    private async Task ReadAsync()
    {
        while (true)
        {
            var room = _work.WaitForRoomAsync();
            if (!room.IsCompleted)
            {
                _outbox.Uncork();
                await room.ConfigureAwait(false);
            }

            // The answers to all that came at once go out together.
            if (!_input.TryRead(out var input))
            {
                _outbox.Uncork();
                input = await _input.ReadAsync(CancellationToken.None).ConfigureAwait(false);
                _outbox.Cork();
            }

            Interlocked.Exchange(ref _heardAt, _core.Time.GetTimestamp());
            Volatile.Write(ref _pinged, false);
            switch (input.Kind)
            {
                case SocketInputKind.Text:
                    Receive(input.Payload.Span);
                    break;
                case SocketInputKind.Binary:
                    Refuse(new("messages are text, not bytes"));
                    break;
                case SocketInputKind.Ping:
                    _ = _outbox.TryPost(FrameKind.Pong, input.Payload.ToArray());
                    break;
                case SocketInputKind.Malformed:
                    Disconnect(input.Status, input.Problem!, lastWords: new RelayNoticeMessage(ReasonPrefix.Invalid + input.Problem));
                    await _input.DrainAsync().ConfigureAwait(false); // So that the close is read, not lost to a reset.
                    return;
                case SocketInputKind.Close or SocketInputKind.End:
                    return;
            }
        }
    }

    private void Receive(ReadOnlySpan<byte> json)
    {
        if (Volatile.Read(ref _disconnected) != 0)
        {
            return;
        }

        if (ClientMessageReader.TryRead(json, _core.Rules.Messages, out var message, out var problem))
        {
            With(static (session, what, effects) => session.Receive(what.message, what.now, effects), (message, now: _core.Now));
        }
        else
        {
            Refuse(problem);
        }
    }

    private void Refuse(MessageProblem problem)
    {
        RelayTelemetry.Malformed();
        With(static (session, what, effects) => session.Refuse(what, effects), problem);
    }

    /// <summary>Asks the session and does what it says; what came after the stop is left alone.</summary>
    private void With<T>(Action<RelaySession, T, List<RelayEffect>> ask, T argument, bool always = false)
    {
        List<RelayEffect.HandOn>? later = null;
        lock (_lock)
        {
            if (_stopping && !always)
            {
                return;
            }

            var effects = _effects ??= [];
            ask(_session, argument, effects);
            foreach (var effect in effects)
            {
                if (effect is RelayEffect.HandOn handOn)
                {
                    (later ??= []).Add(handOn);
                }
                else
                {
                    Apply(effect);
                }
            }

            effects.Clear();
        }

        // Other connections are reached from here, so our own lock is not held.
        later?.ForEach(HandOn);
    }

    private void Apply(RelayEffect effect)
    {
        switch (effect)
        {
            case RelayEffect.Reply { Message: var message }:
                if (message is RelayOkMessage { Accepted: false } refused)
                {
                    RelayTelemetry.Event(refused.Text[..Math.Max(0, refused.Text.IndexOf(':', StringComparison.Ordinal))]);
                }

                Post(message);
                break;
            case RelayEffect.Store { Event: var value }:
                _work.Store(value);
                break;
            case RelayEffect.Open { Subscription: var subscription }:
                RelayTelemetry.Subscriptions(1);
                subscription.Attach(this);
                _core.Live.Add(subscription, subscription.LiveFilters);
                _work.Query(subscription);
                break;
            case RelayEffect.End { Subscription: var subscription }:
                RelayTelemetry.Subscriptions(-1);
                _core.Live.Remove(subscription);
                subscription.End();
                break;
            case RelayEffect.Count count:
                _work.Count(count.SubscriptionId, count.Filters);
                break;
            case RelayEffect.Disconnect disconnect:
                Disconnect(disconnect.Status, disconnect.Reason, lastWords: new RelayNoticeMessage(ReasonPrefix.Blocked + disconnect.Reason));
                break;
            default:
                throw new ArgumentException("There is no such effect.", nameof(effect));
        }
    }

    private void HandOn(RelayEffect.HandOn effect)
    {
        if (effect.Presence is { } key && _core.Presence.TryClaim(key, effect.Event, this))
        {
            _ = (_presences ??= []).Add(key);
        }

        _core.Publish(effect.Event, json: null);
        Post(new RelayOkMessage(effect.Event.Id, Accepted: true, ""));
        RelayTelemetry.Event("ephemeral");
    }

    /// <summary>Tells who listens that this connection's presences may be over. Only the reading task gets here, as it is the one that claims.</summary>
    private void Release()
    {
        if (_presences is { } presences)
        {
            _presences = null;
            _core.Publish(_core.Presence.Release(presences, this));
        }
    }

    private void Disconnect(int status, string reason, bool giveUpWaiting = false, RelayMessage? lastWords = null)
    {
        if (Interlocked.CompareExchange(ref _disconnected, 1, 0) != 0)
        {
            return;
        }

        if (status != SocketStatus.Normal)
        {
            RelayLog.Closing(_core.Logger, Number, status, reason);
            RelayTelemetry.Disconnected(reason);
        }

        Interlocked.Exchange(ref _closingSince, Math.Max(1, _core.Time.GetTimestamp()));
        _outbox.Close(status, reason, giveUpWaiting, lastWords ?? (giveUpWaiting ? new RelayNoticeMessage(ReasonPrefix.Error + reason) : null));
    }
}
