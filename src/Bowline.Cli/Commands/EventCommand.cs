using System.CommandLine;
using Bowline.Cli.Infrastructure;

namespace Bowline.Cli.Commands;

/// <summary><c>bowline event</c>: Nostr events.</summary>
internal static class EventCommand
{
    public static Command Create(CliContext cli) => new("event", "Publish, find, watch and verify Nostr events.")
    {
        EventPublishCommand.Create(cli),
        EventQueryCommand.Create(cli),
        EventWatchCommand.Create(cli),
        EventVerifyCommand.Create(cli),
    };
}
