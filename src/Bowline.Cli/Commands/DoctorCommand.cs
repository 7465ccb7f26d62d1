using System.CommandLine;
using System.Text.Json;
using Bowline.Cli.Doctor;
using Bowline.Cli.HubAccess;
using Bowline.Cli.Infrastructure;

namespace Bowline.Cli.Commands;

/// <summary><c>bowline doctor</c>: looks at everything a link needs and says what to do.</summary>
internal static class DoctorCommand
{
    public static Command Create(CliContext cli)
    {
        var hub = CliOptions.Hub();
        var token = CliOptions.TokenFile();
        var json = CliOptions.Json();
        var command = new BowlineCommand("doctor", "Look at everything a link needs, and say what to do.", "bowline doctor", "bowline doctor --hub https://hub.example.org --json")
        {
            hub,
            token,
            json,
        };
        return command.Does(async parsed =>
        {
            var findings = new List<DoctorFinding>
            {
                MachineChecks.Folder(cli),
                MachineChecks.OpenSsl(),
                MachineChecks.Sqlite(),
                MachineChecks.DataChannels(),
                await MachineChecks.NatsServerAsync(cli.Cancelled),
            };
            findings.AddRange(await HubChecks.RunAsync(cli, HubAddress.Resolve(cli, parsed.GetValue(hub), parsed.GetValue(token))));
            findings.AddRange(await NodeChecks.RunAsync(cli));
            if (parsed.GetValue(json))
            {
                cli.Terminal.Data(JsonSerializer.Serialize(findings, CliJson.Default.IReadOnlyListDoctorFinding));
            }
            else
            {
                Show(cli.Terminal, findings);
            }

            return findings.Any(finding => finding.State == DoctorState.Failed) ? ExitCode.Failed : ExitCode.Ok;
        });
    }

    private static void Show(Terminal terminal, List<DoctorFinding> findings)
    {
        var width = findings.Max(finding => finding.Check.Length);
        foreach (var finding in findings)
        {
            var mark = finding.State switch
            {
                DoctorState.Ok => "ok     ",
                DoctorState.Warning => "warning",
                _ => "FAILED ",
            };
            terminal.Data($"{mark}  {finding.Check.PadRight(width)}  {finding.Text}");
            if (finding.Next is not null)
            {
                terminal.Data($"         {new string(' ', width)}  next: {finding.Next}");
            }
        }
    }
}
