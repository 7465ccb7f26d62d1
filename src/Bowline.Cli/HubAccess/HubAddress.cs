using Bowline.Cli.Infrastructure;
using Bowline.Core.Files;
using Bowline.Node;
using Bowline.Node.Enrolment;

namespace Bowline.Cli.HubAccess;

/// <summary>Which hub a command talks to, and with which token.</summary>
/// <param name="Url">The hub's address.</param>
/// <param name="Token">The API token; null when there is none for this hub.</param>
internal sealed record HubAddress(Uri Url, string? Token)
{
    private static readonly Uri Default = new("http://127.0.0.1:7700");

    /// <summary>
    /// The address given, else of the environment, else of the hub joined, else the default. The token of the hub on this
    /// machine is offered to loopback addresses only: it must not leave the machine.
    /// </summary>
    /// <exception cref="CliException">A token file cannot be read.</exception>
    public static HubAddress Resolve(CliContext cli, Uri? given, string? tokenFile)
    {
        var url = given ?? FromEnvironment() ?? Joined(cli) ?? Default;
        var file = tokenFile ?? Environment.GetEnvironmentVariable("BOWLINE_TOKEN_FILE");
        if (file is { Length: > 0 })
        {
            return new HubAddress(url, ReadToken(file) ?? throw new CliException(
                ExitCode.Usage,
                "The token file cannot be used.",
                Directory.Exists(file) ? $"{file} is a folder." : $"{file} does not exist, or is in a folder that this user may not enter.",
                CliOptions.TokenAdvice));
        }

        return new HubAddress(url, url.IsLoopback ? ReadToken(Path.Combine(cli.HubFolder, "cli.token")) : null);
    }

    private static Uri? Joined(CliContext cli)
    {
        try
        {
            return HubRecordFile.Read(cli.Node)?.Url;
        }
        catch (NodeException)
        {
            return null; // A damaged record is the doctor's to report; the default address may still do.
        }
    }

    private static Uri? FromEnvironment()
    {
        if (Environment.GetEnvironmentVariable("BOWLINE_HUB") is not { Length: > 0 } text)
        {
            return null;
        }

        return CliOptions.ParseHttp(text, error => throw new CliException(ExitCode.Usage, "BOWLINE_HUB is not usable.", error, "unset BOWLINE_HUB, or set it to the hub's address"));
    }

    private static string? ReadToken(string file)
    {
        try
        {
            return SecretFile.TryReadText(file, out var text) ? text.Trim() : null;
        }
        catch (InvalidDataException open)
        {
            throw new CliException(ExitCode.Failed, "The token file is not safe.", open.Message, $"chmod 600 {file}", open);
        }
        catch (UnauthorizedAccessException denied)
        {
            throw new CliException(ExitCode.Unauthorised, "The token file cannot be read.", denied.Message, "run this as the user that runs the hub, or give --token-file", denied);
        }
    }
}
