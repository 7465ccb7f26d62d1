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

    /// <summary>Reads the option; what is wrong goes to <paramref name="error"/>.</summary>
    public static StoreAddress? Parse(string text, Action<string> error)
    {
        if (!text.Contains("://", StringComparison.Ordinal))
        {
            return File(text);
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("postgres" or "postgresql") || uri.AbsolutePath.Length < 2)
        {
            error($"'{text}' is neither a file nor an address like postgres://user@host:5432/database.");
            return null;
        }

        var user = uri.UserInfo;
        if (user.Contains(':', StringComparison.Ordinal))
        {
            error("A password does not belong on the command line, where others see it. Put it into ~/.pgpass (mode 0600), or name such a file in PGPASSFILE.");
            return null;
        }

        var connection = new NpgsqlConnectionStringBuilder { Host = uri.Host, Port = uri.IsDefaultPort || uri.Port < 0 ? 5432 : uri.Port, Database = Uri.UnescapeDataString(uri.AbsolutePath[1..]) };
        if (user.Length > 0)
        {
            connection.Username = Uri.UnescapeDataString(user);
        }

        return new(null, connection.ConnectionString);
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
