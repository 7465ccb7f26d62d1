using System.Globalization;

namespace Bowline.Testing.Postgres;

/// <summary>Finds PostgreSQL's programs and the way to run them: the server refuses root, so root runs them as the package's user.</summary>
internal sealed class PostgresPrograms
{
    /// <summary>Made by Debian's package.</summary>
    public const string User = "postgres";

    private const string Debian = "/usr/lib/postgresql";

    private readonly string _folder;

    private PostgresPrograms(string folder) => _folder = folder;

    public static PostgresPrograms Find()
    {
        var versions = Directory.Exists(Debian)
            ? Directory.GetDirectories(Debian).OrderByDescending(static folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var version) ? version : 0)
            : Enumerable.Empty<string>();
        var folders = versions.Select(static folder => Path.Combine(folder, "bin"))
            .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries));
        return new(folders.FirstOrDefault(static folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres")))
            ?? throw new FileNotFoundException("PostgreSQL was not found. Install it (Debian: apt-get install postgresql).", "postgres"));
    }

    public (string File, IReadOnlyList<string> Arguments) Command(string program, params IEnumerable<string> arguments)
    {
        var file = Path.Combine(_folder, program);

        // Changing the user clears the parent-death signal, so it is set again after the change.
        return Environment.IsPrivilegedProcess
            ? ("setpriv", [$"--reuid={User}", $"--regid={User}", "--init-groups", "--pdeathsig", "KILL", "--", file, .. arguments])
            : (file, [.. arguments]);
    }
}
