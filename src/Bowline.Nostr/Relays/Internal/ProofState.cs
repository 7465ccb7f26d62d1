namespace Bowline.Nostr;

/// <summary>How far the proof of a key has come.</summary>
internal enum ProofState
{
    None,
    Sent,
    Proven,
    Refused,
}
