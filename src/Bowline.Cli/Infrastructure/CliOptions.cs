using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;

namespace Bowline.Cli.Infrastructure;

/// <summary>Options that several commands share. Each command gets its own instance.</summary>
internal static class CliOptions
{
    /// <summary>Where a token comes from.</summary>
    public const string TokenAdvice = "copy hub/cli.token of the hub's data folder into a file here (chmod 600), and give --token-file FILE";

    public static Option<bool> Json() => new("--json") { Description = "Write JSON to stdout (a line per event where it is a stream)." };

    public static Option<bool> Yes() => new("--yes", "-y") { Description = "Do not ask; without it, a person at a terminal is asked." };

    public static Argument<string> Node() => new("node") { Description = "The node's name, or (the beginning of) its device id." };

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

    /// <summary>A whole number of this range; anything else is reported by the name of what it is for.</summary>
    public static Func<ArgumentResult, int?> Number(string option, int least, int most) => result =>
    {
        var text = result.Tokens[0].Value;
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
        {
            return number;
        }

        result.AddError(most == int.MaxValue ? $"{option} needs a whole number from {least} on, and '{text}' is none." : $"{option} needs a whole number from {least} to {most}, and '{text}' is none.");
        return null;
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
