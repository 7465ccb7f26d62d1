using System.Data;
using System.Threading.Channels;
using Bowline.Relay.Indexing;
using Npgsql;

namespace Bowline.Relay.Postgres;

/// <summary>The connection that writes: whatever is pending when it is free becomes one transaction, and the answers come after its commit.</summary>
internal sealed class PostgresWriter : IAsyncDisposable
{
    /// <summary>Pending events; who adds one more waits. Several batches, so that the writer never idles under load.</summary>
    private const int QueueCapacity = 4_096;

    /// <summary>The most events of one transaction: other processes wait for its lock meanwhile.</summary>
    private const int MostInBatch = 1_000;

    private readonly NpgsqlDataSource _source;
    private readonly Channel<Pending> _queue = Channel.CreateBounded<Pending>(new BoundedChannelOptions(QueueCapacity) { SingleReader = true });
    private readonly Task _loop;
    private NpgsqlConnection? _connection;

    public PostgresWriter(NpgsqlDataSource source)
    {
        _source = source;
        _loop = Task.Run(LoopAsync);
    }

    public async ValueTask<StoreOutcome> AddAsync(IndexedEvent value, CancellationToken cancellationToken) =>
        (StoreOutcome)await EnqueueAsync(new(value, null), cancellationToken).ConfigureAwait(false);

    /// <summary>Removes some of what has expired by then; returns how many.</summary>
    public async ValueTask<int> RemoveExpiredAsync(long now, CancellationToken cancellationToken) =>
        await EnqueueAsync(new(null, apply => apply.RemoveExpiredAsync(now, Sweeper.MostAtOnce)), cancellationToken).ConfigureAwait(false);

    /// <summary>Runs a statement on the writing connection, in its turn.</summary>
    public async ValueTask ExecuteAsync(string sql) => await EnqueueAsync(
        new(null, async _ =>
        {
            var command = new NpgsqlCommand(sql, _connection);
            await using var disposing = command.ConfigureAwait(false);
            return await command.ExecuteNonQueryAsync().ConfigureAwait(false);
        }),
        CancellationToken.None).ConfigureAwait(false);

    /// <summary>Commits what is pending and closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        _ = _queue.Writer.TryComplete();
        await _loop.ConfigureAwait(false);
        await CloseAsync().ConfigureAwait(false);
    }

    private async Task<int> EnqueueAsync(Pending pending, CancellationToken cancellationToken)
    {
        try
        {
            await _queue.Writer.WriteAsync(pending, cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException closed)
        {
            throw new EventStoreException(EventStoreError.Closed, "The event store is closed.", closed);
        }

        return await pending.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task LoopAsync()
    {
        var batch = new List<Pending>(MostInBatch);
        while (await _queue.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            while (batch.Count < MostInBatch && _queue.Reader.TryRead(out var pending))
            {
                batch.Add(pending);
            }

            await CommitAsync(batch).ConfigureAwait(false);
            batch.Clear();
        }
    }

    private async Task CommitAsync(List<Pending> batch)
    {
        if (await TryCommitAsync(batch).ConfigureAwait(false) is not { } failure)
        {
            batch.ForEach(static pending => pending.Answer());
        }
        else if (batch.Count == 1 || failure.Error == EventStoreError.Unavailable)
        {
            batch.ForEach(pending => pending.Fail(failure));
        }
        else
        {
            // One of them may be the cause: each gets a transaction and an answer of its own.
            foreach (var pending in batch)
            {
                await CommitAsync([pending]).ConfigureAwait(false);
            }
        }
    }

    private async Task<EventStoreException?> TryCommitAsync(List<Pending> batch)
    {
        try
        {
            _connection ??= await _source.OpenConnectionAsync().ConfigureAwait(false);
            var transaction = await _connection.BeginTransactionAsync(IsolationLevel.ReadCommitted).ConfigureAwait(false);
            await using var disposing = transaction.ConfigureAwait(false);
            await ApplyAsync(batch, new(_connection, transaction)).ConfigureAwait(false);
            await transaction.CommitAsync().ConfigureAwait(false);
            return null;
        }
        catch (Exception e)
        {
            // The loop must outlive any one event: whoever waits gets the cause.
            if (_connection is not { FullState: ConnectionState.Open })
            {
                await CloseAsync().ConfigureAwait(false);
            }

            return e as EventStoreException ?? PostgresFailure.Of(e);
        }
    }

    private static async Task ApplyAsync(List<Pending> batch, PostgresApply apply)
    {
        for (var from = 0; from < batch.Count;)
        {
            var events = batch.Skip(from).TakeWhile(static pending => pending.Value is not null).ToArray();
            if (events.Length == 0)
            {
                batch[from].Outcome = await batch[from].Work!(apply).ConfigureAwait(false);
                from++;
                continue;
            }

            var outcomes = await apply.AddAsync(Array.ConvertAll(events, static pending => pending.Value!)).ConfigureAwait(false);
            for (var i = 0; i < events.Length; i++)
            {
                events[i].Outcome = (int)outcomes[i];
            }

            from += events.Length;
        }
    }

    private async Task CloseAsync()
    {
        if (_connection is { } connection)
        {
            _connection = null;
            await connection.DisposeAsync().ConfigureAwait(false);
        }
    }

    private sealed class Pending(IndexedEvent? value, Func<PostgresApply, Task<int>>? work)
    {
        private readonly TaskCompletionSource<int> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IndexedEvent? Value => value;

        public Func<PostgresApply, Task<int>>? Work => work;

        public int Outcome { get; set; }

        public Task<int> Task => _answer.Task;

        public void Answer() => _answer.TrySetResult(Outcome);

        public void Fail(EventStoreException failure) => _answer.TrySetException(new EventStoreException(failure.Error, failure.Message, failure));
    }
}
