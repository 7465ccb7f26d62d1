using System.CommandLine;
using System.Text.Json;
using Bowline.Cli.HubAccess;
using Bowline.Cli.Infrastructure;
using Bowline.Cli.Status;
using Spectre.Console;

namespace Bowline.Cli.Commands;

/// <summary><c>bowline status</c>: the node and the hub on this machine, and what is wrong.</summary>
internal static class StatusCommand
{
    // Presence itself is probed twice a second while somebody watches.
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(500);

    public static Command Create(CliContext cli)
    {
        var watch = new Option<bool>("--watch", "-w") { Description = "Stay and show changes as they come." };
        var hub = CliOptions.Hub();
        var token = CliOptions.TokenFile();
        var json = CliOptions.Json();
        var command = new BowlineCommand(
            "status",
            "Show this machine's node, its link and services, the hub's nodes, and what is wrong.",
            "bowline status",
            "bowline status --watch",
            "bowline status --json | jq .node.link.state")
        {
            watch,
            hub,
            token,
            json,
        };
        return command.Does(async parsed =>
        {
            var source = new StatusSource(cli, HubAddress.Resolve(cli, parsed.GetValue(hub), parsed.GetValue(token)));
            using (source)
            {
                if (parsed.GetValue(watch))
                {
                    return await WatchAsync(cli, source, parsed.GetValue(json));
                }

                var report = await source.ReadAsync(cli.Cancelled);
                if (parsed.GetValue(json))
                {
                    cli.Terminal.Data(JsonSerializer.Serialize(report, CliJson.Default.StatusMessage));
                }
                else
                {
                    StatusView.Write(cli.Terminal, report, cli.Time.GetUtcNow());
                }

                return report.ExitCode;
            }
        });
    }

    private static async Task<int> WatchAsync(CliContext cli, StatusSource source, bool json)
    {
        if (cli.Terminal.OutputIsTerminal && !json)
        {
            await cli.Terminal.Rich.Live(new Text("asking...")).StartAsync(async live =>
            {
                await foreach (var report in ReadAsync(cli, source))
                {
                    live.UpdateTarget(StatusView.Rich(report, cli.Time.GetUtcNow()));
                }
            });
            return ExitCode.Interrupted;
        }

        string? before = null;
        await foreach (var report in ReadAsync(cli, source))
        {
            var now = json ? JsonSerializer.Serialize(report.WithoutMeasurements(), CliJson.Default.StatusMessage) : string.Join('\n', StatusView.Lines(report.WithoutMeasurements(), null));
            if (now != before)
            {
                before = now;
                cli.Terminal.Data(json ? JsonSerializer.Serialize(report, CliJson.Default.StatusMessage) : string.Join('\n', StatusView.Lines(report, cli.Time.GetUtcNow())));
            }
        }

        return ExitCode.Interrupted;
    }

    private static async IAsyncEnumerable<StatusMessage> ReadAsync(CliContext cli, StatusSource source)
    {
        while (!cli.Cancelled.IsCancellationRequested)
        {
            yield return await source.ReadAsync(cli.Cancelled);
            await Task.Delay(Refresh, cli.Time, cli.Cancelled).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
