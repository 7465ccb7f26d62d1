using Bowline.Nostr;

namespace Bowline.Relay;

/// <summary>
/// One connection's side of the protocol: (message, now) to effects, without any I/O. Not thread-safe; only <see cref="Audience"/> may be read
/// from other threads.
/// </summary>
internal sealed class RelaySession
{
    private readonly RelayRules _rules;
    private readonly AddressUse _address;
    private readonly string _challenge;
    private readonly string _host;
    private readonly TokenBucket _events;
    private readonly TokenBucket _requests;
    private readonly Dictionary<string, Subscription> _subscriptions = new(StringComparer.Ordinal);
    private HashSet<PresenceKey>? _presences;
    private volatile Audience _audience = Audience.Anonymous;
    private bool _challenged;
    private int _strikes;

    /// <param name="rules">The relay's rules.</param>
    /// <param name="address">What the client's address has used up.</param>
    /// <param name="challenge">A random text for NIP-42.</param>
    /// <param name="host">The host the client asked for.</param>
    /// <param name="now">Now.</param>
    public RelaySession(RelayRules rules, AddressUse address, string challenge, string host, RelayTime now)
    {
        _rules = rules;
        _address = address;
        _challenge = challenge;
        _host = host;
        _events = new(rules.Limits.EventsPerConnection, now.Monotonic);
        _requests = new(rules.Limits.RequestsPerConnection, now.Monotonic);
    }

    /// <summary>The keys that have been proved on this connection.</summary>
    public Audience Audience => _audience;

    public int Subscriptions => _subscriptions.Count;

    /// <summary>The connection is open.</summary>
    public void Start(List<RelayEffect> effects)
    {
        if (_rules.Access.ChallengeAtConnect)
        {
            Challenge(effects);
        }
    }

    /// <summary>A message came.</summary>
    public void Receive(ClientMessage message, RelayTime now, List<RelayEffect> effects)
    {
        switch (message)
        {
            case ClientEventMessage { Event: var value }:
                Publish(value, now, effects);
                break;
            case ClientRequestMessage request:
                Request(request, now, effects);
                break;
            case ClientCloseMessage close:
                Close(close.SubscriptionId, effects);
                break;
            case ClientCountMessage count:
                Count(count, now, effects);
                break;
            case ClientAuthMessage { Event: var value }:
                Authenticate(value, now, effects);
                break;
            default:
                throw new ArgumentException("There is no such message.", nameof(message));
        }
    }

    /// <summary>Something came that is no message.</summary>
    public void Refuse(MessageProblem problem, List<RelayEffect> effects)
    {
        effects.Add(new RelayEffect.Reply(problem.ToAnswer()));
        Strike(effects);
    }

    /// <summary>A query failed: its subscription is over.</summary>
    public void Fail(Subscription subscription, string text, List<RelayEffect> effects)
    {
        if (_subscriptions.TryGetValue(subscription.Id, out var current) && current == subscription)
        {
            _ = _subscriptions.Remove(subscription.Id);
            effects.Add(new RelayEffect.End(subscription));
            effects.Add(new RelayEffect.Reply(new RelayClosedMessage(subscription.Id, text)));
        }
    }

    /// <summary>The connection is gone.</summary>
    public void Stop(List<RelayEffect> effects)
    {
        foreach (var subscription in _subscriptions.Values)
        {
            effects.Add(new RelayEffect.End(subscription));
        }

        _subscriptions.Clear();
    }

    /// <summary>What an OK says about an event the store has answered for.</summary>
    public static RelayOkMessage Answer(EventId id, StoreOutcome outcome) => outcome switch
    {
        StoreOutcome.Stored => new(id, Accepted: true, ""),
        StoreOutcome.Duplicate => new(id, Accepted: true, ReasonPrefix.Duplicate + "already have this event"),
        StoreOutcome.Superseded => new(id, Accepted: false, ReasonPrefix.Duplicate + "a newer event is in its place"),
        StoreOutcome.Deleted => new(id, Accepted: false, ReasonPrefix.Blocked + "its author has deleted it"),
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "There is no such outcome."),
    };

    private void Publish(NostrEvent value, RelayTime now, List<RelayEffect> effects)
    {
        if (!_events.TryTake(now.Monotonic) || !_address.TryTakeEvent(now.Monotonic))
        {
            Ok(value.Id, ReasonPrefix.RateLimited + "slow down", effects);
            return;
        }

        if (EventRules.FindProblem(value, _rules.Limits, _rules.MinimumDifficulty, now.UnixSeconds) is { } problem)
        {
            Ok(value.Id, problem, effects);
            return;
        }

        if (FindWriteProblem(value) is { } refusal)
        {
            Ok(value.Id, refusal, effects);
            ChallengeFor(refusal, effects);
            return;
        }

        if (FindForgery(value) is { } forgery)
        {
            Ok(value.Id, forgery, effects);
            Strike(effects);
            return;
        }

        if (value.Class != KindClass.Ephemeral)
        {
            effects.Add(new RelayEffect.Store(value));
            return;
        }

        PresenceKey? presence = PresenceKey.TryOf(value, out var key) ? key : null;
        if (presence is { } owned && !TryOwn(owned))
        {
            Ok(value.Id, ReasonPrefix.RateLimited + $"a connection owns {_rules.Limits.Presences} presences at most", effects);
            return;
        }

        effects.Add(new RelayEffect.HandOn(value, presence));
    }

    private void Request(ClientRequestMessage request, RelayTime now, List<RelayEffect> effects)
    {
        if (FindQueryProblem(request.Filters, now) is { } problem)
        {
            effects.Add(new RelayEffect.Reply(new RelayClosedMessage(request.SubscriptionId, problem)));
            ChallengeFor(problem, effects);
            return;
        }

        if (_subscriptions.Remove(request.SubscriptionId, out var old))
        {
            effects.Add(new RelayEffect.End(old));
        }
        else if (_subscriptions.Count >= _rules.Limits.Subscriptions)
        {
            var text = ReasonPrefix.RateLimited + $"a connection has {_rules.Limits.Subscriptions} subscriptions at most; close one first";
            effects.Add(new RelayEffect.Reply(new RelayClosedMessage(request.SubscriptionId, text)));
            return;
        }

        var filters = request.Filters.Select(filter => filter with { Limit = Math.Min(filter.Limit ?? int.MaxValue, _rules.Limits.Limit) });
        var subscription = new Subscription(request.SubscriptionId, [.. filters]);
        _subscriptions.Add(subscription.Id, subscription);
        effects.Add(new RelayEffect.Open(subscription));
    }

    private void Close(string id, List<RelayEffect> effects)
    {
        if (_subscriptions.Remove(id, out var subscription))
        {
            effects.Add(new RelayEffect.End(subscription));
        }
    }

    private void Count(ClientCountMessage count, RelayTime now, List<RelayEffect> effects)
    {
        if (FindQueryProblem(count.Filters, now) is { } problem)
        {
            effects.Add(new RelayEffect.Reply(new RelayClosedMessage(count.SubscriptionId, problem)));
            ChallengeFor(problem, effects);
            return;
        }

        effects.Add(new RelayEffect.Count(count.SubscriptionId, count.Filters));
    }

    private void Authenticate(NostrEvent value, RelayTime now, List<RelayEffect> effects)
    {
        if (!_events.TryTake(now.Monotonic) || !_address.TryTakeEvent(now.Monotonic))
        {
            Ok(value.Id, ReasonPrefix.RateLimited + "slow down", effects);
            return;
        }

        if (AuthenticationCheck.FindProblem(value, _challenge, _host, _rules.PublicUrls, now.UnixSeconds) is { } problem)
        {
            Ok(value.Id, ReasonPrefix.Invalid + problem, effects);
            return;
        }

        if (FindForgery(value) is { } forgery)
        {
            Ok(value.Id, forgery, effects);
            Strike(effects);
            return;
        }

        if (!Has(value.PublicKey) && _audience.Keys.Count >= _rules.Limits.AuthenticatedKeys)
        {
            Ok(value.Id, ReasonPrefix.Restricted + $"a connection has {_rules.Limits.AuthenticatedKeys} keys at most", effects);
            return;
        }

        _audience = Audience.Of([.. _audience.Keys, value.PublicKey]);
        effects.Add(new RelayEffect.Reply(new RelayOkMessage(value.Id, Accepted: true, "")));
    }

    private string? FindWriteProblem(NostrEvent value)
    {
        if (_rules.Access.AuthenticationRequired && IsAnonymous)
        {
            return ReasonPrefix.AuthRequired + "this relay takes events from authenticated keys only";
        }

        if (EventRules.IsProtected(value) && !Has(value.PublicKey))
        {
            return ReasonPrefix.AuthRequired + "a protected event is taken from its author only";
        }

        return _rules.Access.Writers is not { } writers || writers.Contains(value.PublicKey) || _audience.Keys.Any(writers.Contains) ? null
            : IsAnonymous ? ReasonPrefix.AuthRequired + "this relay takes events of listed keys only"
            : ReasonPrefix.Restricted + "this relay takes events of listed keys only";
    }

    private string? FindQueryProblem(IReadOnlyList<NostrFilter> filters, RelayTime now)
    {
        if (!_requests.TryTake(now.Monotonic) || !_address.TryTakeRequest(now.Monotonic))
        {
            return ReasonPrefix.RateLimited + "slow down";
        }

        if (IsAnonymous)
        {
            return _rules.Access.AuthenticationRequired || _rules.Access.Readers is not null ? ReasonPrefix.AuthRequired + "this relay answers authenticated keys only"
                : filters.All(WantsPrivateOnly) ? ReasonPrefix.AuthRequired + "direct messages are handed to those they are for"
                : FindSearchProblem(filters);
        }

        return _rules.Access.Readers is { } readers && !_audience.Keys.Any(readers.Contains)
            ? ReasonPrefix.Restricted + "this relay answers listed keys only"
            : FindSearchProblem(filters);
    }

    private string? FindSearchProblem(IReadOnlyList<NostrFilter> filters) =>
        !_rules.SupportsSearch && filters.Any(static filter => filter.Search is not null) ? "unsupported: this relay does not search" : null;

    private static string? FindForgery(NostrEvent value) =>
        !value.HasValidId() ? ReasonPrefix.Invalid + "the id is not the hash of the event"
        : !value.HasValidSignature() ? ReasonPrefix.Invalid + "the signature is not the author's"
        : null;

    private bool IsAnonymous => _audience.Keys.Count == 0;

    private bool Has(NostrPublicKey key) => _audience.Keys.Contains(key);

    private static bool WantsPrivateOnly(NostrFilter filter) => filter.Kinds is { Count: > 0 } kinds && kinds.All(Audience.IsPrivate);

    private bool TryOwn(PresenceKey key)
    {
        _presences ??= [];
        return _presences.Contains(key) || (_presences.Count < _rules.Limits.Presences && _presences.Add(key));
    }

    private static void Ok(EventId id, string problem, List<RelayEffect> effects) =>
        effects.Add(new RelayEffect.Reply(new RelayOkMessage(id, Accepted: false, problem)));

    private void ChallengeFor(string problem, List<RelayEffect> effects)
    {
        if (!_challenged && problem.StartsWith(ReasonPrefix.AuthRequired, StringComparison.Ordinal))
        {
            Challenge(effects);
        }
    }

    private void Challenge(List<RelayEffect> effects)
    {
        _challenged = true;
        effects.Add(new RelayEffect.Reply(new RelayAuthMessage(_challenge)));
    }

    private void Strike(List<RelayEffect> effects)
    {
        if (++_strikes == _rules.Limits.Strikes)
        {
            effects.Add(new RelayEffect.Disconnect(SocketStatus.PolicyViolation, "too many malformed messages"));
        }
    }
}
