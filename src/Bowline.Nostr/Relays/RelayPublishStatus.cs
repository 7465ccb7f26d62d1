namespace Bowline.Nostr;

/// <summary>What became of an event at one relay.</summary>
public enum RelayPublishStatus
{
    /// <summary>The relay has it, now or from before.</summary>
    Accepted,

    /// <summary>The relay refused it; the reason says why.</summary>
    Rejected,

    /// <summary>It was sent, and no answer came in time. The relay may have it.</summary>
    TimedOut,

    /// <summary>There was no connection in time; it was never sent.</summary>
    Unreachable,

    /// <summary>It was not sent: the relay says that it takes no message of this length (NIP-11).</summary>
    TooLarge,

    /// <summary>It was not sent: too many events wait for this relay already.</summary>
    QueueFull,
}
