using Bowline.Nostr;

namespace Bowline.Relay;

/// <summary>Who may write and read. Direct messages and gift wraps are handed only to those they are for, whatever is set here.</summary>
public sealed record RelayAccess
{
    /// <summary>
    /// Keys that may write: as the author, or authenticated on the connection that brings the event (a gift wrap's author is a throw-away
    /// key). Null for everybody.
    /// </summary>
    public IReadOnlySet<NostrPublicKey>? Writers { get; init; }

    /// <summary>Keys of which one must be authenticated to read. Null for everybody.</summary>
    public IReadOnlySet<NostrPublicKey>? Readers { get; init; }

    /// <summary>Nothing is written or read without NIP-42.</summary>
    public bool AuthenticationRequired { get; init; }

    /// <summary>The challenge is sent when a connection opens; otherwise when something first needs it.</summary>
    /// <value>True: clients that have keys to show can do so before their first subscription.</value>
    public bool ChallengeAtConnect { get; init; } = true;
}
