using System.CommandLine;
using Bowline.Cli.Infrastructure;

namespace Bowline.Cli.Commands;

/// <summary><c>bowline hub</c>: run a hub in the foreground; invite, login.</summary>
internal static class HubCommand
{
    public static Command Create(CliContext cli)
    {
        var command = new BowlineCommand("hub", "Run a hub in the foreground.", "bowline hub", "bowline hub --listen 0.0.0.0:7700 --cert hub.pem --public-url https://hub.example.org")
        {
            HubInviteCommand.Create(cli),
            HubLoginCommand.Create(cli),
        };
        return command.Does(_ => throw new CliException());
    }
}
