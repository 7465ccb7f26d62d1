namespace Bowline.Nostr;

/// <summary>What became of an event at one relay.</summary>
/// <param name="Relay">The relay, in its one spelling.</param>
/// <param name="Status">The verdict.</param>
/// <param name="Reason">What the prefix of the relay's text says.</param>
/// <param name="Text">The relay's text, or ours when the relay said nothing.</param>
public sealed record RelayPublishOutcome(Uri Relay, RelayPublishStatus Status, RelayReason Reason, string Text)
{
    /// <summary>True when the relay has the event.</summary>
    public bool IsAccepted => Status == RelayPublishStatus.Accepted;
}
