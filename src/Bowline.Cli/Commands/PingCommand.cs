using System.CommandLine;
using System.Text.Json;
using Bowline.Cli.HubAccess;
using Bowline.Cli.Infrastructure;

namespace Bowline.Cli.Commands;

/// <summary><c>bowline ping</c>: asks the hub to probe a node now.</summary>
internal static class PingCommand
{
    // One a second, as people expect of a ping.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public static Command Create(CliContext cli)
    {
        var node = CliOptions.Node();
        var count = new Option<int?>("--count", "-c") { Description = "How many probes; 0 goes on until Ctrl-C.", HelpName = "N", CustomParser = CliOptions.Number("--count", 0, int.MaxValue), DefaultValueFactory = _ => 3 };
        var hub = CliOptions.Hub();
        var token = CliOptions.TokenFile();
        var json = CliOptions.Json();
        var command = new BowlineCommand("ping", "Ask a node for a sign of life through the hub, now.", "bowline ping desk", "bowline ping desk -c 0 --json")
        {
            node,
            count,
            hub,
            token,
            json,
        };
        return command.Does(async parsed =>
        {
            using var client = new HubClient(HubAddress.Resolve(cli, parsed.GetValue(hub), parsed.GetValue(token)));
            var link = NodeNames.Find(await client.LinksAsync(cli.Cancelled), parsed.GetRequiredValue(node));
            var wanted = parsed.GetValue(count);
            PingMessage? last = null;
            for (var sent = 0; wanted == 0 || sent < wanted; sent++)
            {
                if (sent > 0)
                {
                    await Task.Delay(Pause, cli.Time, cli.Cancelled);
                }

                last = await client.PingAsync(link.DeviceId, cli.Cancelled);
                cli.Terminal.Data(parsed.GetValue(json)
                    ? JsonSerializer.Serialize(last, CliJson.Default.PingMessage)
                    : $"{link.Name}: {last.State}, {last.Evidence?.Method ?? "no proof"}, {LinksCommand.Rtt(last.Evidence?.RttMs)}");
            }

            return last?.State switch
            {
                "online" => ExitCode.Ok,
                "unknown" => ExitCode.TimedOut,
                _ => ExitCode.Unreachable,
            };
        });
    }
}
