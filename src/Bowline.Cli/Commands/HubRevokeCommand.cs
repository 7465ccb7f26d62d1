using System.CommandLine;
using System.Text.Json;
using Bowline.Cli.HubAccess;
using Bowline.Cli.Infrastructure;

namespace Bowline.Cli.Commands;

/// <summary><c>bowline hub revoke</c>: takes a node's access away, and says when that is effective.</summary>
internal static class HubRevokeCommand
{
    public static Command Create(CliContext cli)
    {
        var node = CliOptions.Node();
        var yes = CliOptions.Yes();
        var hub = CliOptions.Hub();
        var token = CliOptions.TokenFile();
        var json = CliOptions.Json();
        var command = new BowlineCommand("revoke", "Take a node's access away: it is cut off, and comes back only with a new code.", "bowline hub revoke desk", "bowline hub revoke desk --yes --json")
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
            await NodeNames.ConfirmAsync(cli, parsed.GetValue(yes), $"Revoke '{link.Name}' ({link.DeviceId[..8]}...)? It loses its access and cannot come back without a new code.", $"'{link.Name}' was not revoked.", "revoke");
            var later = await client.RevokeAsync(link.DeviceId, cli.Cancelled);
            var revoked = new RevokedMessage(link.Name, link.DeviceId, later?.EffectiveWithinSeconds ?? 0, later?.Message ?? "effective at once");
            if (parsed.GetValue(json))
            {
                cli.Terminal.Data(JsonSerializer.Serialize(revoked, CliJson.Default.RevokedMessage));
            }

            cli.Terminal.Say($"'{link.Name}' is revoked, {revoked.Message}{(later is null ? string.Empty : " where it is connected to NATS directly")}.");
            return ExitCode.Ok;
        });
    }
}

/// <summary>What <c>bowline hub revoke --json</c> prints.</summary>
/// <param name="Node">The node's name.</param>
/// <param name="DeviceId">Its device id.</param>
/// <param name="EffectiveWithinSeconds">The longest that it may still act on a direct connection to NATS; 0 when it is cut off everywhere.</param>
/// <param name="Message">The same in words.</param>
internal sealed record RevokedMessage(string Node, string DeviceId, int EffectiveWithinSeconds, string Message);
