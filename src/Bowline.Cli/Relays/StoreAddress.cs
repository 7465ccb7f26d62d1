using Bowline.Cli.Infrastructure;
using Bowline.Relay;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Bowline.Cli.Relays;

/// <summary>What <c>--db</c> names: a SQLite file, or a PostgreSQL database without its password.</summary>
internal sealed class StoreAddress
{
    private const string What = "The relay's store cannot be used.";
    private readonly string? _file;
    private readonly string? _connection;

    private StoreAddress(string? file, string? connection)
    {
        _file = file;
        _connection = connection;
    }

    /// <summary>A SQLite file.</summary>
    public static StoreAddress File(string path) => new(Path.GetFullPath(path), null);

    /// <summary>Reads the option; what is wrong goes to <paramref name="error"/>, without the text, which may hold a password.</summary>
    public static StoreAddress? Parse(string text, Action<string> error)
    {
        if (!text.Contains("://", StringComparison.Ordinal))
        {
            return File(text);
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("postgres" or "postgresql") || uri.AbsolutePath.Length < 2)
        {
            error("That is neither a file nor an address like postgres://user@host:5432/database.");
            return null;
        }

        var user = uri.UserInfo;
        if (user.Contains(':', StringComparison.Ordinal))
        {
            error("A password does not belong on the command line, where others see it. Put it into ~/.pgpass (mode 0600), or name such a file in PGPASSFILE.");
            return null;
        }

        if (!TryReadFolder(uri, out var folder))
        {
            error("After the ? an address names a folder of sockets and nothing else: postgres:///database?host=/run/postgresql.");
            return null;
        }

        if (folder is null && uri.Host.Length == 0)
        {
            error("The address names no server: postgres://user@host/database, or postgres:///database?host=/run/postgresql for a server on this machine.");
            return null;
        }

        var connection = new NpgsqlConnectionStringBuilder { Host = folder ?? uri.Host, Port = uri.IsDefaultPort || uri.Port < 0 ? 5432 : uri.Port, Database = Uri.UnescapeDataString(uri.AbsolutePath[1..]) };
        if (user.Length > 0)
        {
            connection.Username = Uri.UnescapeDataString(user);
        }

        return new(null, connection.ConnectionString);
    }

    // As everywhere with PostgreSQL: a host that is a path is the folder of the server's socket.
    private static bool TryReadFolder(Uri uri, out string? folder)
    {
        folder = null;
        if (uri.Query.Length == 0)
        {
            return true;
        }

        const string Name = "?host=";
        folder = uri.Query.StartsWith(Name, StringComparison.Ordinal) ? Uri.UnescapeDataString(uri.Query[Name.Length..]) : null;
        return folder is { Length: > 1 } && folder[0] == '/' && !folder.Contains('&', StringComparison.Ordinal);
    }

    /// <summary>For people; it holds no secret.</summary>
    public override string ToString() => _file ?? "PostgreSQL";

    /// <summary>Opens it.</summary>
    /// <exception cref="CliException">It cannot be opened.</exception>
    public async Task<IEventStore> OpenAsync(CliContext cli, ILoggerFactory loggers, bool search)
    {
        try
        {
            return _file is { } file
                ? SqliteEventStore.Open(new() { Path = file, Search = search }, cli.Time, loggers.CreateLogger<SqliteEventStore>())
                : await PostgresEventStore.OpenAsync(new() { ConnectionString = _connection! }, cli.Time, loggers.CreateLogger<PostgresEventStore>(), cli.Cancelled);
        }
        catch (EventStoreException failure)
        {
            throw new CliException(
                _file is null ? ExitCode.Unreachable : ExitCode.Failed,
                What,
                failure.Message,
                "bowline relay --db FILE   (or postgres://user@host/database, with its password in ~/.pgpass)",
                failure);
        }
    }
}
