using System.CommandLine;
using Bowline.Cli.Infrastructure;
using Bowline.Node;
using Bowline.Node.Control;
using Bowline.Node.Enrolment;

namespace Bowline.Cli.Commands;

/// <summary><c>bowline node leave</c>: the hub forgets this device, and this device the hub.</summary>
internal static class NodeLeaveCommand
{
    /// <summary>A round trip over a slow mobile network, and no longer than a person waits.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public static Command Create(CliContext cli)
    {
        var force = new Option<bool>("--force") { Description = "Forget the hub even if it cannot be told." };
        var command = new BowlineCommand("leave", "Leave the hub: it forgets this device, and a running node stops.", "bowline node leave", "bowline node leave --force")
        {
            force,
        };
        return command.Does(async parsed =>
        {
            try
            {
                var (hub, told) = await LeaveAsync(cli, parsed.GetValue(force));
                cli.Terminal.Say(told ? $"Left {hub}." : $"Forgot {hub}, which could not be told. Revoke this device in its console.");
                return ExitCode.Ok;
            }
            catch (NodeException failure) when (failure.Error is NodeError.HubUnreachable or NodeError.HubUnavailable)
            {
                throw new CliException(ExitCode.Unreachable, "The hub could not be told.", failure.Message, "bowline node leave --force", failure);
            }
            catch (NodeException failure)
            {
                throw Faults.Of(failure, "This machine could not leave its hub.");
            }
        });
    }

    private static async Task<(Uri Hub, bool Told)> LeaveAsync(CliContext cli, bool force)
    {
        using var control = new ControlClient(cli.Node);
        try
        {
            var left = await control.LeaveAsync(force, cli.Cancelled);
            return (left.Hub, left.Told);
        }
        catch (NodeException failure) when (failure.Error == NodeError.NotRunning)
        {
            using var http = new HttpClient { Timeout = Patience };
            var (record, told) = await new Enroller(cli.Node, http, cli.Time).LeaveAsync(force, cli.Cancelled);
            return (record.Url, told);
        }
    }
}
