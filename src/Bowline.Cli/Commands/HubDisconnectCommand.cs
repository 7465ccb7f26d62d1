using System.CommandLine;
using System.Text.Json;
using Bowline.Cli.HubAccess;
using Bowline.Cli.Infrastructure;

namespace Bowline.Cli.Commands;

/// <summary><c>bowline hub disconnect</c>: tells a node to stop; it keeps its access.</summary>
internal static class HubDisconnectCommand
{
    public static Command Create(CliContext cli)
    {
        var node = CliOptions.Node();
        var yes = CliOptions.Yes();
        var hub = CliOptions.Hub();
        var token = CliOptions.TokenFile();
        var json = CliOptions.Json();
        var command = new BowlineCommand("disconnect", "Tell a node to stop. It keeps its access, and serves again when it is started there.", "bowline hub disconnect desk", "bowline hub disconnect desk --yes --json")
        {
            node,
            yes,
            hub,
            token,
            json,
        };
        return command.Does(async parsed =>
        {
            using var client = new HubClient(HubAddress.Resolve(cli, parsed.GetValue(hub), parsed.GetValue(token)));
            var link = NodeNames.Find(await client.LinksAsync(cli.Cancelled), parsed.GetRequiredValue(node));
            await NodeNames.ConfirmAsync(cli, parsed.GetValue(yes), $"Stop the node '{link.Name}' ({link.DeviceId[..8]}...)? It serves again when it is started on its machine.", $"'{link.Name}' was not told to stop.", "disconnect");
            await client.DisconnectAsync(link.DeviceId, cli.Cancelled);
            if (parsed.GetValue(json))
            {
                cli.Terminal.Data(JsonSerializer.Serialize(new DisconnectedMessage(link.Name, link.DeviceId), CliJson.Default.DisconnectedMessage));
            }

            cli.Terminal.Say($"'{link.Name}' took the order to stop. To serve again, run on its machine: bowline node run");
            return ExitCode.Ok;
        });
    }
}

/// <summary>What <c>bowline hub disconnect --json</c> prints: the node that took the order to stop.</summary>
/// <param name="Node">The node's name.</param>
/// <param name="DeviceId">Its device id.</param>
internal sealed record DisconnectedMessage(string Node, string DeviceId);
