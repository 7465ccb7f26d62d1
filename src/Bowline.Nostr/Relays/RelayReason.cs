namespace Bowline.Nostr;

/// <summary>What the prefix of an OK or CLOSED says (NIP-01, NIP-42).</summary>
public enum RelayReason
{
    /// <summary>There is no text.</summary>
    None,

    /// <summary>A text without a prefix that is known here.</summary>
    Other,

    /// <summary><c>duplicate:</c> the relay has it already.</summary>
    Duplicate,

    /// <summary><c>pow:</c> too little proof of work.</summary>
    ProofOfWork,

    /// <summary><c>blocked:</c> this key or address may do nothing here.</summary>
    Blocked,

    /// <summary><c>rate-limited:</c> too much in too short a time.</summary>
    RateLimited,

    /// <summary><c>invalid:</c> malformed, or not what it says.</summary>
    Invalid,

    /// <summary><c>restricted:</c> this key may not do this.</summary>
    Restricted,

    /// <summary><c>auth-required:</c> a key has to be proven first.</summary>
    AuthRequired,

    /// <summary><c>mute:</c> an ephemeral event that nobody listens to.</summary>
    Mute,

    /// <summary><c>error:</c> the relay failed.</summary>
    Error,
}
