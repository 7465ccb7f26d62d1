using System.CommandLine;
using System.Text.Json;
using Bowline.Cli.Hosting;
using Bowline.Cli.Infrastructure;
using Bowline.Cli.Status;
using Bowline.Cli.Telemetry;
using Bowline.Cli.Up;
using Bowline.Node.Enrolment;
using Microsoft.Extensions.Logging;

namespace Bowline.Cli.Commands;

/// <summary><c>bowline up</c>: hub, node and demo service on this machine, in one process.</summary>
internal static class UpCommand
{
    public static Command Create(CliContext cli)
    {
        var noDemo = new Option<bool>("--no-demo") { Description = "Do not expose the built-in demo service." };
        var verbose = new Option<bool>("--verbose") { Description = "Log details." };
        var json = CliOptions.Json();
        var command = new BowlineCommand(
            "up",
            "Start a hub, a node and a demo service on this machine, until Ctrl-C.",
            "bowline up",
            "bowline up --listen 127.0.0.1:7800",
            "bowline up --json | jq -r .loginUrl")
        {
            noDemo,
            verbose,
            json,
        };
        var settings = new HubSettings().AddLocalTo(command);
        var telemetry = new TelemetryExport().AddTo(command);
        return command.Does(async parsed =>
        {
            var level = parsed.GetValue(verbose) ? LogLevel.Debug : LogLevel.Warning;
            cli.Terminal.IsLive = !parsed.GetValue(json) && UpView.IsLive(cli.Terminal);
            using var exporting = telemetry.Start(parsed, "bowline-up");
            await using var run = await UpRun.StartAsync(cli, settings.Read(parsed, cli), !parsed.GetValue(noDemo), level);
            Greet(cli, run, parsed.GetValue(json));
            using var source = new StatusSource(cli, run.Address);
            using var ended = new CancellationTokenSource();
            var view = parsed.GetValue(json) ? Task.CompletedTask : UpView.RunAsync(cli, source, ended.Token);
            await Foreground.UntilInterruptedAsync(cli, run.EndedAsync());
            await ended.CancelAsync();
            await view;
            cli.Terminal.Say("Stopping.");
            return Foreground.ExitCodeOf(cli);
        });
    }

    private static void Greet(CliContext cli, UpRun run, bool json)
    {
        var joined = HubRecordFile.Require(cli.Node);
        var login = run.Hub.NewLoginLink();
        if (json)
        {
            var message = new UpMessage(run.Hub.Url, login, run.Hub.ContentUrl, joined.Name, joined.DeviceId, run.Hub.TokenFile, run.Hub.RelayUrl);
            cli.Terminal.Data(JsonSerializer.Serialize(message, CliJson.Default.UpMessage));
            return;
        }

        cli.Terminal.Say("Bowline is up. Open the console (this link works once, for 15 minutes):");
        cli.Terminal.Say(string.Empty);
        cli.Terminal.Data($"  {login}");
        cli.Terminal.Say(string.Empty);
        cli.Terminal.Say("  expose something: bowline expose http://127.0.0.1:3000 --name web");
        cli.Terminal.Say("  another machine:  bowline hub invite");
        if (run.Hub.RelayUrl is { } relay)
        {
            cli.Terminal.Say($"  Nostr relay:      {relay}");
        }

        cli.Terminal.Say("  Ctrl-C stops everything.");
        cli.Terminal.Say(string.Empty);
    }
}
