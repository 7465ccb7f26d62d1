using System.CommandLine;
using System.Text.Json;
using Bowline.Cli.HubAccess;
using Bowline.Cli.Infrastructure;

namespace Bowline.Cli.Commands;

/// <summary><c>bowline hub login</c>: a one-time link into the console, for whoever can read the hub's folder.</summary>
internal static class HubLoginCommand
{
    public static Command Create(CliContext cli)
    {
        var hub = CliOptions.Hub();
        var token = CliOptions.TokenFile();
        var json = CliOptions.Json();
        var command = new BowlineCommand("login", "Print a one-time link into the console of the hub on this machine.", "bowline hub login")
        {
            hub,
            token,
            json,
        };
        return command.Does(async parsed =>
        {
            using var client = new HubClient(HubAddress.Resolve(cli, parsed.GetValue(hub), parsed.GetValue(token)));
            var link = await client.LoginLinkAsync(cli.Cancelled);
            cli.Terminal.Data(parsed.GetValue(json) ? JsonSerializer.Serialize(link, CliJson.Default.LoginLinkMessage) : link.Url);
            cli.Terminal.Say($"Good once, until {link.ExpiresAt.ToLocalTime():HH:mm}.");
            return ExitCode.Ok;
        });
    }
}
