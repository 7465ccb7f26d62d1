namespace Bowline.Nostr;

/// <summary>Which keys are proven to the relay on this socket (NIP-42).</summary>
internal sealed class KeyProofs(Uri relay)
{
    private readonly Dictionary<NostrPublicKey, Proof> _proofs = [];
    private readonly Dictionary<EventId, Proof> _sent = [];

    /// <summary>What the relay sent on this socket, or null.</summary>
    public string? Challenge { get; private set; }

    /// <summary>How many challenges this socket brought.</summary>
    public int Challenges { get; private set; }

    /// <summary>Proofs that were sent and not answered yet.</summary>
    public int Outstanding => _sent.Count;

    /// <summary>The key that was proven first; the one that stays when a relay honours one.</summary>
    public NostrKey? First { get; private set; }

    public int Proven => _proofs.Values.Count(static proof => proof.State == ProofState.Proven);

    public ProofState StateOf(NostrKey? key) => key is not null && _proofs.TryGetValue(key.PublicKey, out var proof) ? proof.State : ProofState.None;

    /// <summary>A new socket.</summary>
    public void Reset()
    {
        Challenge = null;
        Challenges = 0;
        First = null;
        _sent.Clear();
        foreach (var proof in _proofs.Values)
        {
            proof.State = ProofState.None;
        }
    }

    /// <summary>A user of this key has come; its proof, when it is to be sent now.</summary>
    public ClientAuthMessage? Use(NostrKey key, Moment now)
    {
        if (!_proofs.TryGetValue(key.PublicKey, out var proof))
        {
            _proofs[key.PublicKey] = proof = new(key);
        }

        proof.Users++;
        return Prove(proof, now);
    }

    /// <summary>A user of this key has gone.</summary>
    public void Release(NostrKey key)
    {
        if (_proofs.TryGetValue(key.PublicKey, out var proof) && --proof.Users == 0)
        {
            _proofs.Remove(key.PublicKey);
        }
    }

    /// <summary>The relay sent a challenge: the proofs to send, all of them again when it is another one.</summary>
    public IEnumerable<ClientAuthMessage> Challenged(string challenge, Moment now)
    {
        if (challenge == Challenge)
        {
            return [];
        }

        Challenge = challenge;
        Challenges++;
        _sent.Clear();
        foreach (var proof in _proofs.Values)
        {
            proof.State = ProofState.None;
        }

        return [.. _proofs.Values.Select(proof => Prove(proof, now)).OfType<ClientAuthMessage>()];
    }

    /// <summary>True when the answer is about a proof.</summary>
    public bool Answered(RelayOkMessage answer, out NostrKey? refused)
    {
        refused = null;
        if (!_sent.Remove(answer.EventId, out var proof))
        {
            return false;
        }

        proof.State = answer.Accepted ? ProofState.Proven : ProofState.Refused;
        First ??= answer.Accepted ? proof.Key : null;
        refused = answer.Accepted ? null : proof.Key;
        return true;
    }

    /// <summary>No answer came in time.</summary>
    public void GiveUp()
    {
        foreach (var proof in _sent.Values)
        {
            proof.State = ProofState.Refused;
        }

        _sent.Clear();
    }

    private ClientAuthMessage? Prove(Proof proof, Moment now)
    {
        if (Challenge is null || proof.State != ProofState.None)
        {
            return null;
        }

        var value = AuthEvent.Create(proof.Key, relay, Challenge, now.Wall);
        proof.State = ProofState.Sent;
        _sent[value.Id] = proof;
        return new(value);
    }

    private sealed class Proof(NostrKey key)
    {
        public NostrKey Key { get; } = key;

        public int Users { get; set; }

        public ProofState State { get; set; }
    }
}
