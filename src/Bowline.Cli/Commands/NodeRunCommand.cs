using System.CommandLine;
using Bowline.Cli.Hosting;
using Bowline.Cli.Infrastructure;
using Bowline.Cli.Telemetry;
using Bowline.Node;
using Microsoft.Extensions.Logging;

namespace Bowline.Cli.Commands;

/// <summary><c>bowline node run</c>: serve this machine's link in the foreground.</summary>
internal static class NodeRunCommand
{
    public static Command Create(CliContext cli)
    {
        var verbose = new Option<bool>("--verbose") { Description = "Log details." };
        var demo = new Option<bool>("--demo") { Description = "Expose the built-in demo service." };
        var command = new BowlineCommand("run", "Serve this machine's link in the foreground, until Ctrl-C or SIGTERM.", "bowline node run", "systemd: ExecStart=/usr/bin/bowline node run")
        {
            verbose,
            demo,
        };
        var telemetry = new TelemetryExport().AddTo(command);
        return command.Does(async parsed =>
        {
            var options = new NodeOptions { Folder = cli.Node, Demo = parsed.GetValue(demo) };
            using var exporting = telemetry.Start(parsed, "bowline-node");
            using var host = NodeHost.Create(cli, options, parsed.GetValue(verbose) ? LogLevel.Debug : LogLevel.Information);
            try
            {
                await host.StartAsync(cli.Cancelled);
            }
            catch (NodeException failure)
            {
                throw Faults.Of(failure, "The node could not start.");
            }

            await Foreground.UntilInterruptedAsync(cli, Foreground.StopAskedAsync(host.Services));
            await Foreground.StopAsync(host, cli);
            return Foreground.ExitCodeOf(cli);
        });
    }
}
