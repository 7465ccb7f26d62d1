using System.CommandLine;
using Bowline.Cli.Hosting;
using Bowline.Cli.Infrastructure;
using Bowline.Cli.Status;
using Bowline.Cli.Telemetry;
using Microsoft.Extensions.Logging;

namespace Bowline.Cli.Commands;

/// <summary><c>bowline hub</c>: run a hub in the foreground; invite, login, disconnect, revoke.</summary>
internal static class HubCommand
{
    public static Command Create(CliContext cli)
    {
        var verbose = new Option<bool>("--verbose") { Description = "Log details." };
        var command = new BowlineCommand(
            "hub",
            "Run a hub in the foreground, until Ctrl-C or SIGTERM.",
            "bowline hub",
            "bowline hub --listen 0.0.0.0:7700 --cert hub.pem --cert-key hub.key --public-url https://hub.example.org:7700",
            "systemd: ExecStart=/usr/bin/bowline hub")
        {
            HubInviteCommand.Create(cli),
            HubLoginCommand.Create(cli),
            HubDisconnectCommand.Create(cli),
            HubRevokeCommand.Create(cli),
            verbose,
        };
        var settings = new HubSettings().AddAllTo(command);
        var telemetry = new TelemetryExport().AddTo(command);
        return command.Does(async parsed =>
        {
            var level = parsed.GetValue(verbose) ? LogLevel.Debug : LogLevel.Information;
            using var exporting = telemetry.Start(parsed, "bowline-hub");
            var hub = await HubRunner.StartAsync(cli, settings.Read(parsed, cli), level);
            try
            {
                cli.Terminal.Say($"Hub at {hub.PublicUrl}, exposed content at {hub.ContentUrl}");
                if (hub.RelayUrl is { } relay)
                {
                    cli.Terminal.Say($"  Nostr relay: {relay}");
                }

                cli.Terminal.Say($"  console (once, for 15 minutes): {hub.NewLoginLink()}");
                cli.Terminal.Say("  other machines join with: bowline hub invite");
                foreach (var warning in hub.Warnings)
                {
                    cli.Terminal.Say($"  {StatusView.Word(warning.Severity)}: {warning.Text} next: {warning.Command}");
                }

                await Foreground.UntilInterruptedAsync(cli, Foreground.StopAskedAsync(hub.Services));
            }
            finally
            {
                await HubRunner.StopAsync(hub, cli);
            }

            return Foreground.ExitCodeOf(cli);
        });
    }
}
