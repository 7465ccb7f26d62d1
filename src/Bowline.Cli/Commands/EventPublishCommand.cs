using System.CommandLine;
using System.CommandLine.Parsing;
using Bowline.Cli.Events;
using Bowline.Cli.Infrastructure;
using Bowline.Cli.Keys;
using Bowline.Nostr;

namespace Bowline.Cli.Commands;

/// <summary><c>bowline event publish</c>: sign a text and send it, or send events that are signed already.</summary>
internal static class EventPublishCommand
{
    public static Command Create(CliContext cli)
    {
        var text = new Argument<string?>("text") { Arity = ArgumentArity.ZeroOrOne, Description = "The content. Without it, signed events are read from stdin, one as JSON on a line.", HelpName = "TEXT" };
        var kind = new Option<int>("--kind") { Description = "The kind, 0 to 65535. Default: 1, a note.", HelpName = "KIND", DefaultValueFactory = _ => NostrKind.Note };
        var tags = new Option<string[]>("--tag") { Description = "A tag: its name, '=', and its values with commas between. May be repeated.", HelpName = "NAME=VALUE[,VALUE]" };
        var keyFile = new Option<string?>("--key") { Description = "The file of the secret key. Default: nostr.key in the data folder.", HelpName = "FILE" };
        var relays = RelayAddresses.Option();
        var json = CliOptions.Json();
        var command = new BowlineCommand(
            "publish",
            "Sign a text as an event and send it to relays, or send signed events from stdin.",
            "bowline event publish 'good morning' --tag t=bowline",
            "bowline event publish '{\"name\":\"desk\"}' --kind 0 --key ~/keys/agent.key --relay wss://relay.example.org",
            "bowline event query --relay wss://one.example.org --limit 100 | bowline event publish --relay wss://two.example.org")
        {
            text,
            kind,
            tags,
            keyFile,
            relays,
            json,
        };
        command.Validators.Add(result => Validate(result, kind, tags));
        return command.Does(async parsed =>
        {
            var addresses = RelayAddresses.Read(parsed, relays, cli);
            var content = parsed.GetValue(text);
            var path = parsed.GetValue(keyFile) ?? KeyFile.DefaultPath(cli);
            using var key = content is not null || parsed.GetValue(keyFile) is not null ? KeyFile.Read(path) : null;
            await using var pool = new RelayPool(RelayClientOptions.Default with { TimeProvider = cli.Time });
            var publishing = new EventPublishing(cli, pool, addresses, new() { Key = key }, parsed.GetValue(json));
            if (content is not null)
            {
                await publishing.PublishAsync(key!.Sign(parsed.GetValue(kind), content, [.. (parsed.GetValue(tags) ?? []).Select(ReadTag)], cli.Time.GetUtcNow()));
                return publishing.ExitCodeNow;
            }

            await foreach (var (verdict, value) in EventLines.ReadAsync(cli.Terminal.ReadLineAsync, cli.Cancelled))
            {
                if (value is null)
                {
                    publishing.Refuse(verdict);
                }
                else
                {
                    await publishing.PublishAsync(value);
                }
            }

            return publishing.ExitCodeNow;
        });
    }

    private static void Validate(CommandResult result, Option<int> kind, Option<string[]> tags)
    {
        if (result.GetValue(kind) is < 0 or > NostrKind.Max)
        {
            result.AddError($"--kind is between 0 and {NostrKind.Max}.");
        }

        foreach (var tag in (result.GetValue(tags) ?? []).Where(static tag => tag.IndexOf('=', StringComparison.Ordinal) < 1))
        {
            result.AddError($"--tag: '{tag}' is no tag: write its name, '=' and its values.");
        }
    }

    private static NostrTag ReadTag(string text)
    {
        var at = text.IndexOf('=', StringComparison.Ordinal);
        return new([text[..at], .. text[(at + 1)..].Split(',')]);
    }
}
