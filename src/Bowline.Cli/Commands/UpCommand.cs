using System.CommandLine;
using Bowline.Cli.Infrastructure;

namespace Bowline.Cli.Commands;

/// <summary><c>bowline up</c>: hub, node and demo service in one process.</summary>
internal static class UpCommand
{
    public static Command Create(CliContext cli)
    {
        var command = new BowlineCommand("up", "Start a hub, a node and a demo service on this machine.", "bowline up")
        {
        };
        return command.Does(_ => throw new CliException(cli.Home));
    }
}
