using System.CommandLine;
using System.Text.Json;
using Bowline.Cli.Infrastructure;
using Bowline.Cli.Keys;
using Bowline.Nostr;

namespace Bowline.Cli.Commands;

/// <summary><c>bowline key</c>: Nostr keys, each in a file of mode 0600.</summary>
internal static class KeyCommand
{
    public static Command Create(CliContext cli) => new("key", "Make and show Nostr keys.")
    {
        New(cli),
        Show(cli),
    };

    private static BowlineCommand New(CliContext cli)
    {
        var file = FileArgument();
        var json = CliOptions.Json();
        var command = new BowlineCommand("new", "Make a Nostr key: the secret goes into a file, the public key to stdout.", "bowline key new", "bowline key new ~/keys/agent.key --json")
        {
            file,
            json,
        };
        return command.Does(parsed =>
        {
            var path = parsed.GetValue(file) ?? KeyFile.DefaultPath(cli);
            using var key = NostrKey.Create();
            KeyFile.WriteNew(path, key);
            Print(cli, path, key, secret: false, parsed.GetValue(json));
            cli.Terminal.Say($"The secret is in {path} (only you can read it). Keep a copy: without it the key cannot be used again.");
            return Task.FromResult(ExitCode.Ok);
        });
    }

    private static BowlineCommand Show(CliContext cli)
    {
        var file = FileArgument();
        var secret = new Option<bool>("--secret") { Description = "Print the secret key too. Whoever sees it can act as this key." };
        var json = CliOptions.Json();
        var command = new BowlineCommand("show", "Print the public key of a key file.", "bowline key show", "bowline key show ~/keys/agent.key --secret")
        {
            file,
            secret,
            json,
        };
        return command.Does(parsed =>
        {
            var path = parsed.GetValue(file) ?? KeyFile.DefaultPath(cli);
            using var key = KeyFile.Read(path);
            Print(cli, path, key, parsed.GetValue(secret), parsed.GetValue(json));
            return Task.FromResult(ExitCode.Ok);
        });
    }

    private static Argument<string?> FileArgument() => new("file")
    {
        Arity = ArgumentArity.ZeroOrOne,
        Description = "The file of the secret key. Default: nostr.key in the data folder.",
        HelpName = "FILE",
    };

    private static void Print(CliContext cli, string path, NostrKey key, bool secret, bool json)
    {
        var message = new KeyMessage(new PublicKeyIdentifier(key.PublicKey).ToString(), key.PublicKey.ToString(), path, secret ? SecretKeyText.Write(key) : null);
        if (json)
        {
            cli.Terminal.Data(JsonSerializer.Serialize(message, CliJson.Default.KeyMessage));
            return;
        }

        cli.Terminal.Data(message.Npub);
        if (message.Nsec is { } nsec)
        {
            cli.Terminal.Data(nsec);
        }
    }
}
