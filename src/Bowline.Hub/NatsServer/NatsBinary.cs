using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Bowline.Hub.NatsServer;

/// <summary>Finds the <c>nats-server</c> executable and checks its version.</summary>
public static partial class NatsBinary
{
    /// <summary>The oldest version whose features we use were tried on.</summary>
    public static readonly Version Oldest = new(2, 9, 10);

    /// <summary>A usable server: its path and version.</summary>
    /// <param name="wanted">A path, or a name looked up in PATH and where systems put such programs.</param>
    /// <param name="cancellationToken">Ends the question for its version.</param>
    /// <exception cref="HubException">None was found, or it is too old.</exception>
    public static async Task<(string Path, Version Version)> FindAsync(string wanted, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        var path = Locate(wanted) ?? throw new HubException(
            HubError.NatsServerMissing,
            $"No {wanted} was found, and the hub needs one to carry its links. Run: apt-get install nats-server (macOS: brew install nats-server), or name an existing cluster with --nats.");
        var version = await VersionOfAsync(path, cancellationToken);
        return version is not null && version >= Oldest
            ? (path, version)
            : throw new HubException(HubError.NatsServerTooOld, $"{path} is version {version?.ToString() ?? "unknown"}; {Oldest} or newer is needed. Run: apt-get install nats-server");
    }

    internal static Version? ParseVersion(string output) =>
        VersionPattern().Match(output) is { Success: true } match && Version.TryParse(match.Groups["version"].ValueSpan, out var version) ? version : null;

    private static string? Locate(string wanted)
    {
        if (wanted.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            return File.Exists(wanted) ? wanted : null;
        }

        // /usr/sbin is where Debian puts it, and often not in a user's PATH.
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Append("/usr/sbin").Append("/usr/local/sbin");
        var names = OperatingSystem.IsWindows() ? new[] { wanted + ".exe" } : [wanted];
        return folders.Where(f => f.Length > 0).SelectMany(f => names.Select(n => Path.Combine(f, n))).FirstOrDefault(File.Exists);
    }

    private static async Task<Version?> VersionOfAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(path, "-v") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var errors = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return ParseVersion(await output + await errors);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    [GeneratedRegex(@"v(?<version>\d+\.\d+\.\d+)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex VersionPattern();
}
