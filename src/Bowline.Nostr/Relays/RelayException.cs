namespace Bowline.Nostr;

/// <summary>Why a subscription ended.</summary>
public sealed class RelayException : Exception
{
    /// <summary>Makes one.</summary>
    /// <param name="error">What it is about.</param>
    /// <param name="relay">The relay, or null when it is about none in particular.</param>
    /// <param name="message">In words.</param>
    /// <param name="reason">What the prefix of the relay's text says.</param>
    public RelayException(RelayError error, Uri? relay, string message, RelayReason reason = RelayReason.None)
        : base(message)
    {
        Error = error;
        Relay = relay;
        Reason = reason;
    }

    /// <summary>What it is about.</summary>
    public RelayError Error { get; }

    /// <summary>The relay, or null when it is about none in particular.</summary>
    public Uri? Relay { get; }

    /// <summary>What the prefix of the relay's text says.</summary>
    public RelayReason Reason { get; }
}
