using System.Runtime.CompilerServices;
using Bowline.Nostr;
using Bowline.Relay.Indexing;
using Bowline.Relay.Postgres;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using NpgsqlTypes;
using EventId = Bowline.Nostr.EventId;

namespace Bowline.Relay;

/// <summary>
/// Events in a PostgreSQL database, which several relay processes may share: writing transactions hold one advisory lock, so they follow
/// one another wherever they run, and each commits whatever is pending in its process.
/// </summary>
public sealed class PostgresEventStore : IEventStore
{
    // A relay's filters never need a whole table: the planner must not think one small enough. Compiling costs more than they do.
    internal const string ReadingOptions = "-c enable_seqscan=off -c jit=off -c default_transaction_read_only=on";

    private const int PageEvents = 128;

    private readonly NpgsqlDataSource _writing;
    private readonly NpgsqlDataSource _reading;
    private readonly PostgresWriter _writer;
    private readonly Sweeper _sweeper;
    private readonly TimeProvider _time;
    private int _disposed;

    private PostgresEventStore(PostgresEventStoreOptions options, NpgsqlDataSource writing, TimeProvider time, ILogger logger)
    {
        _time = time;
        _writing = writing;

        var reading = new NpgsqlConnectionStringBuilder(options.ConnectionString) { MaxPoolSize = options.MaxReaders, MinPoolSize = 0 };
        reading.Options = $"{reading.Options} {ReadingOptions}".Trim();
        _reading = NpgsqlDataSource.Create(reading);
        _writer = new(writing);
        _sweeper = new(_writer.RemoveExpiredAsync, options.SweepInterval, time, logger);
    }

    /// <inheritdoc/>
    public bool SupportsSearch => true;

    /// <summary>Connects and brings the schema up to date.</summary>
    /// <exception cref="EventStoreException">The database cannot be used; the message says why and what to do.</exception>
    public static async Task<PostgresEventStore> OpenAsync(
        PostgresEventStoreOptions options, TimeProvider? time = null, ILogger<PostgresEventStore>? logger = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var writing = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(options.ConnectionString) { MaxPoolSize = 1, MinPoolSize = 0 });
        try
        {
            var connection = await writing.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
            await using (connection.ConfigureAwait(false))
            {
                await PostgresSchema.MigrateAsync(connection, cancellationToken).ConfigureAwait(false);
            }

            return new(options, writing, time ?? TimeProvider.System, logger ?? NullLogger<PostgresEventStore>.Instance);
        }
        catch (Exception e)
        {
            await writing.DisposeAsync().ConfigureAwait(false);
            if (e is NpgsqlException)
            {
                throw PostgresFailure.Of(e);
            }

            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask<StoreOutcome> AddAsync(NostrEvent value, ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(value);
        return _writer.AddAsync(IndexedEvent.Of(value, json), cancellationToken);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoredEvent> QueryAsync(
        IReadOnlyList<NostrFilter> filters, Audience audience, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var found = await ReadAsync(PostgresQuery.Find(filters, audience, Now), static row => row.GetInt64(2), cancellationToken).ConfigureAwait(false);
        for (var from = 0; from < found.Count; from += PageEvents)
        {
            foreach (var value in await LoadAsync(found.GetRange(from, Math.Min(PageEvents, found.Count - from)), cancellationToken).ConfigureAwait(false))
            {
                yield return value;
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask<long> CountAsync(IReadOnlyList<NostrFilter> filters, Audience audience, CancellationToken cancellationToken) =>
        (await ReadAsync(PostgresQuery.Count(filters, audience, Now), static row => row.GetInt64(0), cancellationToken).ConfigureAwait(false))[0];

    /// <summary>Commits what is pending, then closes. Whoever adds afterwards gets <see cref="EventStoreError.Closed"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            await _sweeper.DisposeAsync().ConfigureAwait(false);
            await _writer.DisposeAsync().ConfigureAwait(false);
            await _reading.DisposeAsync().ConfigureAwait(false);
            await _writing.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>For tests: makes the writing connection as a server that takes no writes makes it.</summary>
    internal ValueTask ExecuteOnWriterAsync(string sql) => _writer.ExecuteAsync(sql);

    private long Now => _time.GetUtcNow().ToUnixTimeSeconds();

    private async Task<IEnumerable<StoredEvent>> LoadAsync(List<long> sequences, CancellationToken cancellationToken)
    {
        var command = new NpgsqlCommand("SELECT seq, id, pubkey, created_at, kind, json FROM relay_events WHERE seq = ANY($1)");
        command.Parameters.Add(new() { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint, Value = sequences.ToArray() });
        var rows = await ReadAsync(
            command,
            static row => (Sequence: row.GetInt64(0), Event: new StoredEvent(
                EventId.FromBytes(row.GetFieldValue<byte[]>(1)),
                NostrPublicKey.FromBytes(row.GetFieldValue<byte[]>(2)),
                row.GetInt64(3),
                row.GetInt32(4),
                row.GetFieldValue<byte[]>(5))),
            cancellationToken).ConfigureAwait(false);
        var events = rows.ToDictionary(static row => row.Sequence, static row => row.Event);

        // What is missing has been removed meanwhile.
        return sequences.Where(events.ContainsKey).Select(sequence => events[sequence]);
    }

    private async Task<List<T>> ReadAsync<T>(NpgsqlCommand command, Func<NpgsqlDataReader, T> map, CancellationToken cancellationToken)
    {
        await using var disposing = command.ConfigureAwait(false);
        if (Volatile.Read(ref _disposed) != 0)
        {
            throw new EventStoreException(EventStoreError.Closed, "The event store is closed.");
        }

        try
        {
            var connection = await _reading.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
            await using var closing = connection.ConfigureAwait(false);
            command.Connection = connection;
            var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using var ending = reader.ConfigureAwait(false);
            var rows = new List<T>();
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                rows.Add(map(reader));
            }

            return rows;
        }
        catch (NpgsqlException e)
        {
            throw PostgresFailure.Of(e);
        }
    }
}
