using Bowline.Cli.Infrastructure;
using Bowline.Node;
using Bowline.Node.Control;
using Bowline.Node.Enrolment;

namespace Bowline.Cli.Doctor;

/// <summary>Checks of this machine's node.</summary>
internal static class NodeChecks
{
    public static async Task<IReadOnlyList<DoctorFinding>> RunAsync(CliContext cli)
    {
        try
        {
            if (HubRecordFile.Read(cli.Node) is not { } joined)
            {
                return [new DoctorFinding("node", DoctorState.Warning, "This machine has joined no hub.", "bowline up   (or: bowline node join HUB_URL)")];
            }

            var findings = new List<DoctorFinding> { new("node", DoctorState.Ok, $"Joined {joined.HubName} ({joined.Url}) as '{joined.Name}'.") };
            using var control = new ControlClient(cli.Node);
            var status = await control.StatusAsync(cli.Cancelled);
            findings.Add(status.Link.State == "online"
                ? new DoctorFinding("link", DoctorState.Ok, "online")
                : new DoctorFinding("link", DoctorState.Failed, $"{status.Link.State}. {status.Link.LastError}", "bowline status --watch"));
            findings.AddRange(status.Health.Select(warning => new DoctorFinding("health", DoctorState.Failed, $"{warning.Title}: {warning.Text}", warning.Command)));
            return findings;
        }
        catch (NodeException failure) when (failure.Error == NodeError.NotRunning)
        {
            return [new DoctorFinding("node", DoctorState.Warning, "This machine has joined a hub, but its node does not run.", "bowline node run   (or: bowline up)")];
        }
        catch (NodeException failure)
        {
            return [new DoctorFinding("node", DoctorState.Failed, failure.Message)];
        }
    }
}
