using System.CommandLine;
using Bowline.Cli.HubAccess;
using Bowline.Cli.Infrastructure;

namespace Bowline.Cli.Events;

/// <summary>The option that names relays, and the relay that is meant without it.</summary>
internal static class RelayAddresses
{
    public static Option<string[]> Option() => new("--relay")
    {
        Description = "A relay, ws:// or wss://. May be repeated. Default: $BOWLINE_RELAY, else the hub's.",
        HelpName = "URL",
    };

    /// <exception cref="CliException">A word is no address of a relay.</exception>
    public static IReadOnlyList<Uri> Read(ParseResult parsed, Option<string[]> option, CliContext cli)
    {
        var given = parsed.GetValue(option) is { Length: > 0 } words
            ? words
            : Environment.GetEnvironmentVariable("BOWLINE_RELAY")?.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries);
        if (given is { Length: > 0 })
        {
            return [.. given.Select(Parse)];
        }

        var hub = HubAddress.Resolve(cli, null, null).Url;
        return [new UriBuilder(hub) { Scheme = hub.Scheme == Uri.UriSchemeHttps ? "wss" : "ws", Path = "/relay" }.Uri];
    }

    private static Uri Parse(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "ws" or "wss" && uri.UserInfo.Length == 0
            ? uri
            : throw new CliException(ExitCode.Usage, "The command line was not understood.", $"'{text}' is no ws:// or wss:// address.", "bowline event --help");
}
