using System.Text.Json;
using Bowline.Cli.Infrastructure;
using Bowline.Nostr;

namespace Bowline.Cli.Events;

/// <summary>Sends events to relays and says what became of each.</summary>
internal sealed class EventPublishing(CliContext cli, RelayPool pool, IReadOnlyList<Uri> relays, RelayPublishOptions options, bool json)
{
    private int _worst = ExitCode.Ok;

    /// <summary>0 when every event is at one relay at least; else the reason of the last that is not.</summary>
    public int ExitCodeNow => _worst;

    public async Task PublishAsync(NostrEvent value)
    {
        var outcomes = await pool.PublishAsync(relays, value, options, cli.Cancelled);
        var message = PublishMessage.Of(value, outcomes);
        cli.Terminal.Data(json ? JsonSerializer.Serialize(message, CliJson.Default.PublishMessage) : message.Id);
        foreach (var outcome in outcomes)
        {
            cli.Terminal.Say($"  {outcome.Relay}: {Describe(outcome)}");
        }

        if (!message.Accepted)
        {
            _worst = CodeOf(outcomes);
        }
    }

    /// <summary>A line that holds no event is refused before anything of it is sent.</summary>
    public void Refuse(EventVerdict verdict)
    {
        cli.Terminal.Say($"  line {verdict.Line}: not sent, {verdict.Problem}");
        _worst = ExitCode.Failed;
    }

    private static string Describe(RelayPublishOutcome outcome) => outcome.Status switch
    {
        RelayPublishStatus.Accepted => outcome.Text.Length > 0 ? $"accepted ({outcome.Text})" : "accepted",
        RelayPublishStatus.Rejected => $"refused: {outcome.Text}",
        RelayPublishStatus.TimedOut => "no answer in time; it may have it",
        RelayPublishStatus.Unreachable => $"not reached: {outcome.Text}",
        RelayPublishStatus.TooLarge => $"not sent: {outcome.Text}",
        _ => outcome.Text,
    };

    private static int CodeOf(IReadOnlyList<RelayPublishOutcome> outcomes) =>
        outcomes.All(static outcome => outcome.Status == RelayPublishStatus.Unreachable) ? ExitCode.Unreachable
        : outcomes.Any(static outcome => outcome.Reason is RelayReason.AuthRequired or RelayReason.Restricted or RelayReason.Blocked) ? ExitCode.Unauthorised
        : outcomes.Any(static outcome => outcome.Status == RelayPublishStatus.TimedOut) ? ExitCode.TimedOut
        : ExitCode.Failed;
}
