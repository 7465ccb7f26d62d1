using System.CommandLine;
using Bowline.Cli.Infrastructure;
using Bowline.Cli.Keys;
using Bowline.Nostr;

namespace Bowline.Cli.Events;

/// <summary>What <c>event query</c> and <c>event watch</c> share: the pool, the key, and the words for what went wrong.</summary>
internal static class EventReading
{
    private const string What = "The events could not be read.";

    public static Option<string?> KeyOption() => new("--key") { Description = "The file of a secret key to prove when the relay asks for one (NIP-42).", HelpName = "FILE" };

    /// <exception cref="CliException">The relays refused.</exception>
    public static async Task<int> RunAsync(CliContext cli, string? keyFile, Func<RelayPool, RelaySubscribeOptions, Task<int>> read)
    {
        using var key = keyFile is { } path ? KeyFile.Read(path) : null;
        await using var pool = new RelayPool(RelayClientOptions.Default with { TimeProvider = cli.Time });
        try
        {
            return await read(pool, new() { Key = key });
        }
        catch (RelayException refused)
        {
            var needsKey = refused.Error == RelayError.AuthenticationRefused || refused.Reason is RelayReason.AuthRequired or RelayReason.Restricted;
            throw new CliException(
                needsKey ? ExitCode.Unauthorised : ExitCode.Failed,
                What,
                refused.Message,
                needsKey ? "give a key that the relay knows: --key FILE" : "bowline event query --help",
                refused);
        }
    }

    /// <summary>0 when every relay said that this is all; the relays that did not are named.</summary>
    /// <exception cref="CliException">No relay could be reached.</exception>
    public static int Judge(CliContext cli, RelayPool pool, IReadOnlyList<Uri> relays, bool isComplete)
    {
        var silent = pool.Statuses.Where(static pair => pair.Value.Connects == 0).ToList();
        if (silent.Count > 0 && silent.Count == pool.Statuses.Count)
        {
            throw new CliException(
                ExitCode.Unreachable,
                What,
                $"{string.Join(", ", relays)} cannot be reached: {silent[0].Value.LastError}",
                "check the address, or start a relay: bowline relay");
        }

        foreach (var (relay, status) in silent)
        {
            cli.Terminal.Say($"{relay} could not be reached ({status.LastError}); what it has is missing.");
        }

        if (!isComplete)
        {
            cli.Terminal.Say("Not all relays came to their end in time; something may be missing.");
        }

        return isComplete ? ExitCode.Ok : ExitCode.TimedOut;
    }
}
