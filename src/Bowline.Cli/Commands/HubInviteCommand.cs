using System.CommandLine;
using System.Text.Json;
using Bowline.Cli.HubAccess;
using Bowline.Cli.Infrastructure;

namespace Bowline.Cli.Commands;

/// <summary><c>bowline hub invite</c>: a one-time code with which another machine joins.</summary>
internal static class HubInviteCommand
{
    public static Command Create(CliContext cli)
    {
        var hub = CliOptions.Hub();
        var token = CliOptions.TokenFile();
        var json = CliOptions.Json();
        var command = new BowlineCommand("invite", "Make a one-time code with which another machine can join.", "bowline hub invite", "bowline hub invite --json")
        {
            hub,
            token,
            json,
        };
        return command.Does(async parsed =>
        {
            using var client = new HubClient(HubAddress.Resolve(cli, parsed.GetValue(hub), parsed.GetValue(token)));
            var invite = await client.InviteAsync(cli.Cancelled);
            cli.Terminal.Data(parsed.GetValue(json) ? JsonSerializer.Serialize(invite, CliJson.Default.InviteMessage) : invite.Code);
            cli.Terminal.Say($"Good once, until {invite.ExpiresAt.ToLocalTime():HH:mm}. On the other machine run: bowline node join {client.Origin}");
            return ExitCode.Ok;
        });
    }
}
