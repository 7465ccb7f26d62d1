using System.Globalization;
using System.Runtime.CompilerServices;
using Bowline.Core.Files;
using Bowline.Nostr;
using Bowline.Relay.Indexing;
using Bowline.Relay.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bowline.Relay;

/// <summary>
/// Events in one SQLite file (WAL, every commit synced), for one process. One writer commits whatever is pending together; queries run on
/// connections of their own and on their caller's thread.
/// </summary>
public sealed class SqliteEventStore : IEventStore
{
    private const int PageEvents = 256;
    private const int PageBytes = 1 << 20;

    private readonly SqliteWriter _writer;
    private readonly SqliteReaderPool _readers;
    private readonly Sweeper _sweeper;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly bool _searches;
    private int _disposed;

    private SqliteEventStore(SqliteEventStoreOptions options, SqliteDatabase database, TimeProvider time, ILogger logger)
    {
        _time = time;
        _logger = logger;
        _searches = options.Search && SqliteSchema.CanSearch;
        _writer = new(database, _searches);
        _readers = new(options);
        _sweeper = new(_writer.RemoveExpiredAsync, options.SweepInterval, time, logger);
    }

    /// <inheritdoc/>
    public bool SupportsSearch => _searches;

    /// <summary>Opens or creates the file and brings its schema up to date.</summary>
    /// <exception cref="EventStoreException">The file cannot be used; the message says why and what to do.</exception>
    public static SqliteEventStore Open(SqliteEventStoreOptions options, TimeProvider? time = null, ILogger<SqliteEventStore>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        CreatePrivately(options.Path);
        var database = SqliteDatabase.Open(options.Path, readOnly: false);
        try
        {
            // FULL: the log is synced at every commit, so that what was answered survives a loss of power too.
            database.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = OFF; PRAGMA cache_size = -{options.WriterCache >> 10}; PRAGMA wal_autocheckpoint = 16000"));
            SqliteSchema.Migrate(database, options.Path);
            if (options.MaxBytes is { } bytes)
            {
                database.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA max_page_count = {Math.Max(1, bytes / database.QueryNumber("PRAGMA page_size"))}"));
            }

            return new(options, database, time ?? TimeProvider.System, logger ?? NullLogger<SqliteEventStore>.Instance);
        }
        catch
        {
            database.Dispose();
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
        filters = await PrepareAsync(filters, cancellationToken).ConfigureAwait(false);
        var (found, page) = await _readers.UseAsync(
            reader =>
            {
                var all = Find(reader, filters, audience, cancellationToken);
                return (all, Load(reader, all, 0));
            },
            cancellationToken).ConfigureAwait(false);
        while (true)
        {
            foreach (var value in page.Events)
            {
                yield return value;
            }

            if (page.Next >= found.Length)
            {
                break;
            }

            cancellationToken.ThrowIfCancellationRequested();
            page = await _readers.UseAsync(reader => Load(reader, found, page.Next), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<long> CountAsync(IReadOnlyList<NostrFilter> filters, Audience audience, CancellationToken cancellationToken)
    {
        filters = await PrepareAsync(filters, cancellationToken).ConfigureAwait(false);
        return await _readers.UseAsync(
            reader =>
            {
                var seen = new HashSet<long>();
                foreach (var filter in filters)
                {
                    Scan(reader, filter with { Limit = null }, audience, cancellationToken).All(candidate => seen.Add(candidate.Sequence));
                }

                return (long)seen.Count;
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Commits what is pending, then closes. Whoever adds afterwards gets <see cref="EventStoreError.Closed"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            await _sweeper.DisposeAsync().ConfigureAwait(false);
            _readers.Dispose();
            await _writer.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>For tests: makes the writing connection as a file on a full or read-only disk makes it.</summary>
    internal ValueTask ExecuteOnWriterAsync(string sql) => _writer.ExecuteAsync(sql);

    /// <summary>The filters that can find something, with the words they need indexed: nothing is found by words when that is not on.</summary>
    private async ValueTask<IReadOnlyList<NostrFilter>> PrepareAsync(IReadOnlyList<NostrFilter> filters, CancellationToken cancellationToken)
    {
        if (!filters.Any(static filter => filter.Search is not null))
        {
            return filters;
        }

        if (!_searches)
        {
            return [.. filters.Where(static filter => filter.Search is null)];
        }

        try
        {
            await _writer.IndexWordsAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (EventStoreException e)
        {
            // A store that cannot be written to can still be searched for what it has indexed.
            StoreLog.WordsBehind(_logger, e);
        }

        return filters;
    }

    private Candidate[] Find(SqliteReader reader, IReadOnlyList<NostrFilter> filters, Audience audience, CancellationToken cancellationToken)
    {
        if (filters.Count == 1)
        {
            return [.. Scan(reader, filters[0], audience, cancellationToken).Newest().Found];
        }

        var all = new SortedSet<Candidate>();
        foreach (var filter in filters)
        {
            all.UnionWith(Scan(reader, filter, audience, cancellationToken).Newest().Found);
        }

        return [.. all];
    }

    private SqliteScan Scan(SqliteReader reader, NostrFilter filter, Audience audience, CancellationToken cancellationToken) =>
        new(reader, ScanPlan.For(filter, audience), audience, _time.GetUtcNow().ToUnixTimeSeconds(), cancellationToken);

    private static (List<StoredEvent> Events, int Next) Load(SqliteReader reader, Candidate[] found, int from)
    {
        var events = new List<StoredEvent>(Math.Min(found.Length - from, PageEvents));
        var bytes = 0;
        while (from < found.Length && events.Count < PageEvents && bytes < PageBytes)
        {
            if (reader.Load(found[from++]) is { } value)
            {
                events.Add(value);
                bytes += value.Json.Length;
            }
        }

        return (events, from);
    }

    private static void CreatePrivately(string path)
    {
        try
        {
            SecretFile.CreateFolder(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!);
            if (File.Exists(path))
            {
                return;
            }

            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using var file = new FileStream(path, options);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EventStoreException(EventStoreError.Unavailable, $"The event store {path} cannot be created: {e.Message}", e);
        }
    }
}
