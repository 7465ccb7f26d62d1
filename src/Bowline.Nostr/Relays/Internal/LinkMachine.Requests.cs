namespace Bowline.Nostr;

/// <summary>What users subscribe to, and the REQs that ask for it.</summary>
internal sealed partial class LinkMachine
{
    private const int MostRefusals = 5;

    private readonly RequestPlanner _planner;
    private readonly HashSet<LinkSubscription> _subscriptions = [];
    private readonly List<FilterMember> _waiting = [];
    private readonly Dictionary<string, OpenRequest> _requests = new(StringComparer.Ordinal);
    private readonly Queue<OpenRequest> _unsent = [];
    private RelayLimits _limits = RelayLimits.Careful;
    private TimeSpan? _askAgainAt;
    private int _lastGroup;
    private int _leastMerged;
    private bool _isDirty;

    public int Requests => _requests.Count;

    public int Subscriptions => _subscriptions.Count;

    // One is kept for the probe.
    private int Budget => Math.Max(1, _limits.MaxSubscriptions - 1);

    private void Subscribe(LinkSubscription subscription, Moment now)
    {
        _subscriptions.Add(subscription);
        if (subscription.Key is { } key)
        {
            Prove(_proofs.Use(key, now), now);
        }

        foreach (var member in subscription.Members.Where(static member => !member.IsVacuous))
        {
            Wait(member);
        }

        TellStored(subscription);
        if (Phase != RelayPhase.Open && LastError is not null)
        {
            _effects.Add(new LinkEffect.Excused(subscription));
        }
    }

    private void Unsubscribe(LinkSubscription subscription)
    {
        if (!_subscriptions.Remove(subscription))
        {
            return;
        }

        subscription.IsEnded = true;
        if (subscription.Key is { } key)
        {
            _proofs.Release(key);
        }

        foreach (var member in subscription.Members)
        {
            var requests = member.Requests.ToList();
            member.Leave();
            _waiting.Remove(member);
            foreach (var request in requests)
            {
                Shrink(request);
            }
        }
    }

    /// <summary>A request whose users have gone for the most part asks for too much: those left are asked for anew.</summary>
    private void Shrink(OpenRequest request)
    {
        if (request.Members.Count < (request.Initial + 1) / 2)
        {
            Retire(request);
        }

        // A slot may have become free.
        _isDirty = true;
    }

    private void Wait(FilterMember member)
    {
        _waiting.Add(member);
        _isDirty = true;
    }

    private ClientRequestMessage? NextRequest()
    {
        while (_unsent.TryDequeue(out var request))
        {
            if (_requests.ContainsKey(request.Id))
            {
                request.IsSent = true;
                request.WasProven = request.Members.All(member => _proofs.StateOf(member.Owner.Key) == ProofState.Proven);
                return new(request.Id, request.Filters);
            }
        }

        return null;
    }

    private void PlanRequests(Moment now)
    {
        var ready = Ready();
        var plan = _planner.Plan(ready, Budget - _requests.Count, _limits, now.Seconds);
        var merged = _requests.Values.Count(static request => !request.IsLimited);
        if (_requests.Count + plan.Count > Budget && merged > 0 && (merged > _leastMerged || ready.Any(static member => !member.Owner.IsLimited)))
        {
            // Together they need fewer.
            foreach (var request in _requests.Values.Where(static request => !request.IsLimited).ToList())
            {
                Retire(request);
            }

            plan = _planner.Plan(Ready(), Budget - _requests.Count, _limits, now.Seconds);
            _leastMerged = plan.Count(static filters => !filters[0].Members[0].Member.Owner.IsLimited);
        }

        var opened = 0;
        foreach (var filters in plan)
        {
            // Half of a member's filters would leave the other half unasked for.
            if (_requests.Count >= Budget)
            {
                break;
            }

            var request = _planner.ToRequest(filters);
            _requests[request.Id] = request;
            _unsent.Enqueue(request);
            opened++;
        }

        foreach (var filters in plan.Skip(opened))
        {
            foreach (var (member, _) in filters.SelectMany(static filter => filter.Members))
            {
                member.Leave();
            }
        }

        foreach (var request in _requests.Values.Where(static request => request.Members.Count == 0).ToList())
        {
            _requests.Remove(request.Id);
        }

        _waiting.RemoveAll(static member => member.Requests.Count > 0 || member.Owner.IsEnded);
        Overfull = opened < plan.Count;

        // Whom a closed request spoke for has been planned for above.
        _isDirty = false;
    }

    /// <summary>Subscriptions wait because the relay allows no more requests.</summary>
    public bool Overfull { get; private set; }

    private List<FilterMember> Ready() => [.. _waiting.Where(static member => member is { IsParked: false, NotBefore: null, Owner.IsEnded: false })];

    /// <summary>Closes a request; whom it spoke for waits to be asked for anew.</summary>
    private void Retire(OpenRequest request)
    {
        if (_requests.Remove(request.Id) && request.IsSent)
        {
            _control.Enqueue(new ClientCloseMessage(request.Id));
        }

        Disband(request);
    }

    private List<FilterMember> Disband(OpenRequest request)
    {
        var members = request.Members.ToList();
        foreach (var member in members)
        {
            member.Leave();
            Wait(member);
        }

        return members;
    }

    private void LeaveRequests()
    {
        foreach (var request in _requests.Values)
        {
            Disband(request);
        }

        _requests.Clear();
        _unsent.Clear();
        foreach (var member in _waiting)
        {
            member.IsParked = false;
        }

        foreach (var subscription in _subscriptions.Where(static subscription => !subscription.IsStored))
        {
            _effects.Add(new LinkEffect.Excused(subscription));
        }

        _isDirty = true;
    }

    private void OnEvent(string id, NostrEvent value, Moment now)
    {
        if (!_requests.TryGetValue(id, out var request))
        {
            return;
        }

        request.Saw(value.CreatedAt, now.Seconds);
        foreach (var subscription in request.Wanting(value))
        {
            _effects.Add(new LinkEffect.Deliver(subscription, value));
        }
    }

    private void OnEndOfStored(string id, Moment now)
    {
        if (!_requests.TryGetValue(id, out var request))
        {
            return;
        }

        request.IsStored = true;
        foreach (var member in request.Members)
        {
            if (member.Requests.All(static open => open.IsStored))
            {
                member.Settle(now.Seconds);
                TellStored(member.Owner);
            }
        }
    }

    private void TellStored(LinkSubscription subscription)
    {
        if (!subscription.IsStored && subscription.HasAllStored)
        {
            subscription.IsStored = true;
            _effects.Add(new LinkEffect.Stored(subscription));
        }
    }

    private void OnClosed(RelayClosedMessage closed, Moment now)
    {
        if (!_requests.Remove(closed.SubscriptionId, out var request))
        {
            return;
        }

        var reason = RelayReasons.Parse(closed.Text);
        var members = Disband(request);
        if (RelayReasons.AsksForKey(reason) && TryWithKeys(request.WasProven, members, now))
        {
            return;
        }

        if (RelayReasons.MayPass(reason))
        {
            foreach (var member in members)
            {
                var wait = _options.RefusedRetry * Math.Pow(2, Math.Min(member.Refusals++, MostRefusals));
                member.NotBefore = now.Elapsed + wait;
                _askAgainAt = Earliest(_askAgainAt, member.NotBefore);
            }

            return;
        }

        Refuse(members, reason, closed.Text);
    }

    /// <summary>One of many may be what the relay refuses: they are halved until it is alone, and its subscription ends.</summary>
    private void Refuse(List<FilterMember> members, RelayReason reason, string text)
    {
        var owners = members.Select(static member => member.Owner).Distinct().ToList();
        if (owners.Count > 1)
        {
            var (left, right) = (++_lastGroup, ++_lastGroup);
            var half = owners.Take(owners.Count / 2).ToHashSet();
            foreach (var member in members)
            {
                member.Group = half.Contains(member.Owner) ? left : right;
            }

            return;
        }

        foreach (var owner in owners)
        {
            var error = RelayReasons.AsksForKey(reason) ? RelayError.AuthenticationRefused : RelayError.SubscriptionClosed;
            End(owner, new RelayException(error, _relay, $"{_relay} ended the subscription: {text}", reason));
            Unsubscribe(owner);
        }
    }

    private void End(LinkSubscription subscription, RelayException error) => _effects.Add(new LinkEffect.Ended(subscription, error));

    private void AskAgain(Moment now)
    {
        if (!(_askAgainAt <= now.Elapsed))
        {
            return;
        }

        _askAgainAt = null;
        foreach (var member in _waiting)
        {
            if (member.NotBefore <= now.Elapsed)
            {
                member.NotBefore = null;
                _isDirty = true;
            }

            _askAgainAt = Earliest(_askAgainAt, member.NotBefore);
        }
    }
}
