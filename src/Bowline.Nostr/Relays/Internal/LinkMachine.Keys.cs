namespace Bowline.Nostr;

/// <summary>Keys that are proven to the relay, and what waits for that (NIP-42).</summary>
internal sealed partial class LinkMachine
{
    private readonly KeyProofs _proofs;
    private TimeSpan? _authDeadline;

    private void OnChallenge(string challenge, Moment now)
    {
        if (_proofs.Challenges >= MostChallenges)
        {
            Strike("one challenge after the other", isForged: false, now);
            return;
        }

        foreach (var proof in _proofs.Challenged(challenge, now))
        {
            Prove(proof, now);
        }
    }

    private void Prove(ClientAuthMessage? proof, Moment now)
    {
        if (proof is not null)
        {
            _control.Enqueue(proof);
            _authDeadline = now.Elapsed + _options.AuthTimeout;
        }
    }

    private void OnOk(RelayOkMessage ok, Moment now)
    {
        if (!_proofs.Answered(ok, out var refused))
        {
            OnPublished(ok, now);
            return;
        }

        if (refused is not null)
        {
            LastError = $"a key was refused: {ok.Text}";
        }

        if (_proofs.Outstanding == 0)
        {
            ProofsAreIn(now);
        }
    }

    /// <summary>All proofs are answered: what waited for them goes on, and what was asked before them is asked again, as it may have been answered in part.</summary>
    private void ProofsAreIn(Moment now)
    {
        _authDeadline = null;
        _isDirty = true;
        foreach (var request in _requests.Values.Where(request => request is { IsKeyed: true, IsSent: true, WasProven: false }).ToList())
        {
            if (request.Members.Any(member => _proofs.StateOf(member.Owner.Key) == ProofState.Proven))
            {
                Retire(request);
            }
        }

        if (_proofs.First is not null && Keys().Any(key => _proofs.StateOf(key) == ProofState.Refused))
        {
            // It took one and not the other: it may honour one per connection.
            KeepOneKey(now);
            return;
        }

        foreach (var member in _waiting.Where(static member => member.IsParked).ToList())
        {
            member.IsParked = _proofs.StateOf(member.Owner.Key) == ProofState.None;
            if (_proofs.StateOf(member.Owner.Key) == ProofState.Refused)
            {
                Refuse([member], RelayReason.AuthRequired, LastError ?? "the key was not accepted");
            }
        }

        ResumePublishes();
    }

    /// <summary>True when proving keys may help, or has moved them away; false when the refusal is final.</summary>
    private bool TryWithKeys(bool wasProven, List<FilterMember> members, Moment now)
    {
        if (members.Any(static member => member.Owner.Key is null))
        {
            return false;
        }

        if (wasProven)
        {
            // Of several, the one that is refused is looked for first; alone and proven, it is the company that is not honoured.
            return members.DistinctBy(static member => member.Owner.Key!.PublicKey).Count() == 1 && KeepOneKey(now);
        }

        foreach (var member in members)
        {
            member.IsParked = _proofs.StateOf(member.Owner.Key) is ProofState.None or ProofState.Sent;
        }

        if (members.Any(static member => member.IsParked))
        {
            return true;
        }

        // A request that was sent before its keys were proven is worth one more; a refused key is not.
        return members.All(member => _proofs.StateOf(member.Owner.Key) == ProofState.Proven);
    }

    /// <summary>Keeps the key that was proven first, hands the others over, and begins anew. False when there is only one.</summary>
    private bool KeepOneKey(Moment now)
    {
        var others = Keys().Where(key => key.PublicKey != _proofs.First?.PublicKey).ToList();
        if (_proofs.First is not { } kept || others.Count == 0)
        {
            return false;
        }

        foreach (var key in others)
        {
            var subscriptions = _subscriptions.Where(subscription => subscription.Key?.PublicKey == key.PublicKey).ToList();
            var publishes = _publishes.Values.SelectMany(static list => list).Where(publish => publish.Key?.PublicKey == key.PublicKey).ToList();
            foreach (var subscription in subscriptions)
            {
                Unsubscribe(subscription);
            }

            foreach (var publish in publishes)
            {
                Forget(publish);
            }

            _effects.Add(new LinkEffect.MoveKey(key, kept, subscriptions, publishes));
        }

        _effects.Add(new LinkEffect.Raise(RelayHealth.OneKey, $"{_relay} honours one key per connection; {others.Count} more were moved to connections of their own."));
        Redial("the relay honours one key per connection", now);
        return true;
    }

    private List<NostrKey> Keys() => [.. _subscriptions.Select(static subscription => subscription.Key)
        .Concat(_publishes.Values.SelectMany(static list => list).Select(static publish => publish.Key))
        .OfType<NostrKey>()
        .DistinctBy(static key => key.PublicKey)];
}
