using System.CommandLine;
using Bowline.Cli.Infrastructure;
using Bowline.Node;
using Bowline.Node.Enrolment;

namespace Bowline.Cli.Commands;

/// <summary><c>bowline node join</c>: enrol this machine at a hub with a one-time code.</summary>
internal static class NodeJoinCommand
{
    /// <summary>Two round trips over a slow mobile network, and no longer than a person waits.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public static Command Create(CliContext cli)
    {
        var hub = new Argument<Uri>("hub")
        {
            Description = "The hub's address, e.g. https://hub.example.org.",
            HelpName = "HUB_URL",
            CustomParser = result => CliOptions.ParseHttp(result.Tokens[0].Value, result.AddError),
        };
        var codeFile = new Option<string?>("--code-file") { Description = "Read the code from this file; '-' is stdin. Default: ask for it.", HelpName = "FILE" };
        var name = new Option<string>("--name") { Description = "This machine's name at the hub.", HelpName = "NAME", DefaultValueFactory = _ => Environment.MachineName };
        var command = new BowlineCommand(
            "join",
            "Join a hub with a code made by 'bowline hub invite' or in its console.",
            "bowline node join https://hub.example.org",
            "ssh hubmachine bowline hub invite | bowline node join https://hub.example.org --code-file -")
        {
            hub,
            codeFile,
            name,
        };
        return command.Does(async parsed =>
        {
            var address = parsed.GetRequiredValue(hub);
            RefuseSecondHub(cli, address);
            if (parsed.GetValue(codeFile) is null && cli.Terminal.InputIsTerminal)
            {
                cli.Terminal.Say($"This machine joins {address} as '{parsed.GetRequiredValue(name)}'.");
            }

            var code = await ReadCodeAsync(cli, parsed.GetValue(codeFile));
            using var http = new HttpClient { Timeout = Patience };
            try
            {
                var record = await new Enroller(cli.Node, http, cli.Time).JoinAsync(address, code, parsed.GetRequiredValue(name), cli.Cancelled);
                cli.Terminal.Say($"Joined {record.HubName} ({record.Url}) as '{record.Name}'.");
                cli.Terminal.Say("  next: bowline node run");
                return ExitCode.Ok;
            }
            catch (NodeException failure)
            {
                throw Faults.Of(failure, $"This machine could not join {address}.");
            }
            catch (TaskCanceledException late) when (!cli.Cancelled.IsCancellationRequested)
            {
                throw new CliException(ExitCode.TimedOut, $"This machine could not join {address}.", $"No answer within {Patience.TotalSeconds:0} s.", $"bowline doctor --hub {address}", late);
            }
        });
    }

    private static void RefuseSecondHub(CliContext cli, Uri address)
    {
        if (HubRecordFile.Read(cli.Node) is { } joined && joined.Url.GetLeftPart(UriPartial.Authority) != address.GetLeftPart(UriPartial.Authority))
        {
            throw Faults.Of(new NodeException(NodeError.AlreadyJoined, $"It has joined {joined.HubName} ({joined.Url}) as '{joined.Name}'."), $"This machine could not join {address}.");
        }
    }

    private static async Task<string> ReadCodeAsync(CliContext cli, string? file)
    {
        string? code;
        if (file is null or "-")
        {
            if (file is null && cli.Terminal.InputIsTerminal)
            {
                await cli.Terminal.Error.WriteAsync("Code (from 'bowline hub invite' or the console): ");
            }

            code = await cli.Terminal.ReadLineAsync(cli.Cancelled);
        }
        else
        {
            code = File.Exists(file) ? await File.ReadAllTextAsync(file, cli.Cancelled) : throw new CliException(ExitCode.Usage, "The code file is not there.", $"{file} does not exist.", "bowline node join --help");
        }

        return !string.IsNullOrWhiteSpace(code)
            ? code.Trim()
            : throw new CliException(ExitCode.Usage, "No code was given.", "A hub is joined with a one-time code.", "bowline hub invite   (on the hub's machine, or in the console)");
    }
}
