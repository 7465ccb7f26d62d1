using System.Collections.Concurrent;
using System.Globalization;

namespace Bowline.Relay.Sqlite;

/// <summary>Reading connections, opened as they are needed. A query holds one while it works, never while its consumer does.</summary>
internal sealed class SqliteReaderPool(SqliteEventStoreOptions options) : IDisposable
{
    /// <summary>Queries at one time: more would only wait for processors and disk instead of here.</summary>
    private const int Most = 16;

    private readonly ConcurrentBag<SqliteReader> _idle = [];
    private readonly SemaphoreSlim _free = new(Most);
    private volatile bool _closed;

    /// <summary>Runs work on a connection.</summary>
    public async ValueTask<T> UseAsync<T>(Func<SqliteReader, T> work, CancellationToken cancellationToken)
    {
        ThrowIfClosed();
        await _free.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ThrowIfClosed();
            return Use(work, cancellationToken);
        }
        finally
        {
            _ = _free.Release();
        }
    }

    public void Dispose()
    {
        _closed = true;

        // Waits for those in use; a query that waits for one finds the store closed.
        for (var i = 0; i < Most; i++)
        {
            _free.Wait();
        }

        while (_idle.TryTake(out var reader))
        {
            reader.Dispose();
        }

        _ = _free.Release(Most);
    }

    private void ThrowIfClosed()
    {
        if (_closed)
        {
            throw new EventStoreException(EventStoreError.Closed, "The event store is closed.");
        }
    }

    private T Use<T>(Func<SqliteReader, T> work, CancellationToken cancellationToken)
    {
        var reader = _idle.TryTake(out var idle) ? idle : Open();
        try
        {
            using var interrupt = cancellationToken.UnsafeRegister(static database => ((SqliteDatabase)database!).Interrupt(), reader.Database);
            return work(reader);
        }
        catch (OperationCanceledException e) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(e.Message, e, cancellationToken);
        }
        finally
        {
            _idle.Add(reader);
        }
    }

    private SqliteReader Open()
    {
        var database = SqliteDatabase.Open(options.Path, readOnly: true);
        try
        {
            database.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA cache_size = -{options.ReaderCache >> 10}; PRAGMA query_only = ON"));
            return new(database);
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }
}
