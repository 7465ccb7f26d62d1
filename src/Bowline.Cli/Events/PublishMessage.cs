using Bowline.Nostr;

namespace Bowline.Cli.Events;

/// <summary>What <c>bowline event publish --json</c> prints for each event.</summary>
/// <param name="Id">The event.</param>
/// <param name="Accepted">True when a relay has it.</param>
/// <param name="Relays">What became of it at each.</param>
internal sealed record PublishMessage(string Id, bool Accepted, IReadOnlyList<PublishOutcomeMessage> Relays)
{
    public static PublishMessage Of(NostrEvent value, IReadOnlyList<RelayPublishOutcome> outcomes) => new(
        value.Id.ToString(),
        outcomes.Any(static outcome => outcome.IsAccepted),
        [.. outcomes.Select(static outcome => new PublishOutcomeMessage(outcome.Relay, outcome.Status, outcome.Reason, outcome.Text))]);
}

/// <summary>What became of an event at one relay.</summary>
internal sealed record PublishOutcomeMessage(Uri Relay, RelayPublishStatus Status, RelayReason Reason, string Text);
