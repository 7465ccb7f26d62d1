using System.CommandLine;
using System.Globalization;
using System.Net;

namespace Bowline.Cli.Infrastructure;

/// <summary>Options that several commands share. Each command gets its own instance.</summary>
internal static class CliOptions
{
    public static Option<bool> Json() => new("--json") { Description = "Write JSON to stdout (a line per event where it is a stream)." };

    public static Option<Uri?> Hub() => new("--hub")
    {
        Description = "The hub's address. Default: $BOWLINE_HUB, else the hub this node has joined, else http://127.0.0.1:7700.",
        HelpName = "URL",
        CustomParser = result => ParseHttp(result.Tokens[0].Value, result.AddError),
    };

    public static Option<string?> TokenFile() => new("--token-file")
    {
        Description = "A file with an API token. Default: $BOWLINE_TOKEN_FILE, else the token of the hub on this machine.",
        HelpName = "FILE",
    };

    /// <summary>An http or https address; anything else is reported to <paramref name="error"/>.</summary>
    public static Uri? ParseHttp(string text, Action<string> error)
    {
        if (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0)
        {
            return uri;
        }

        error($"'{text}' is no http:// or https:// address.");
        return null;
    }

    /// <summary>An address with a port, or a port of loopback; anything else is reported to <paramref name="error"/>.</summary>
    public static IPEndPoint? ParseListen(string text, Action<string> error)
    {
        if (ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port))
        {
            return new IPEndPoint(IPAddress.Loopback, port);
        }

        if (IPEndPoint.TryParse(text, out var endpoint) && text.Contains(':', StringComparison.Ordinal))
        {
            return endpoint;
        }

        error($"'{text}' is no address with a port, like 127.0.0.1:7700 or [::1]:7700.");
        return null;
    }
}
