using System.CommandLine;
using Bowline.Cli.Infrastructure;

namespace Bowline.Cli.Commands;

/// <summary><c>bowline node</c>: join a hub, serve, leave.</summary>
internal static class NodeCommand
{
    public static Command Create(CliContext cli) => new BowlineCommand("node", "Join this machine to a hub, and serve its link.")
    {
        NodeJoinCommand.Create(cli),
        NodeRunCommand.Create(cli),
        NodeLeaveCommand.Create(cli),
    };
}
