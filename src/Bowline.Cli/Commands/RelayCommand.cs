using System.CommandLine;
using System.Text.Json;
using Bowline.Cli.Hosting;
using Bowline.Cli.Infrastructure;
using Bowline.Cli.Relays;
using Bowline.Cli.Telemetry;
using Microsoft.Extensions.Logging;

namespace Bowline.Cli.Commands;

/// <summary><c>bowline relay</c>: a Nostr relay alone, in the foreground.</summary>
internal static class RelayCommand
{
    public static Command Create(CliContext cli)
    {
        var verbose = new Option<bool>("--verbose") { Description = "Log details." };
        var json = CliOptions.Json();
        var command = new BowlineCommand(
            "relay",
            "Run a Nostr relay in the foreground, until Ctrl-C or SIGTERM.",
            "bowline relay",
            "bowline relay --listen 0.0.0.0:7777 --public-url wss://relay.example.org --trusted-proxy 127.0.0.1",
            "bowline relay --allow npub1... --auth",
            "bowline relay --db postgres://relay@db.example.org/relay     # its password in ~/.pgpass")
        {
            verbose,
            json,
        };
        var settings = new RelaySettings().AddTo(command);
        var telemetry = new TelemetryExport().AddTo(command);
        return command.Does(async parsed =>
        {
            var level = parsed.GetValue(verbose) ? LogLevel.Debug : LogLevel.Information;
            using var exporting = telemetry.Start(parsed, "bowline-relay");
            await using var relay = await RelayRun.StartAsync(cli, settings, parsed, level);
            if (parsed.GetValue(json))
            {
                cli.Terminal.Data(JsonSerializer.Serialize(relay.Message, CliJson.Default.RelayMessage));
            }
            else
            {
                cli.Terminal.Say($"Relay at {relay.Message.Url}, key {relay.Message.PublicKey}, events in {relay.Message.Store}");
                cli.Terminal.Say($"  what it allows: curl -H 'Accept: application/nostr+json' {relay.Message.Information}");
            }

            await Foreground.UntilInterruptedAsync(cli, relay.EndedAsync());
            return Foreground.ExitCodeOf(cli);
        });
    }
}
