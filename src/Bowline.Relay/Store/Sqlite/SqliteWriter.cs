using System.Runtime.InteropServices;
using System.Threading.Channels;
using Bowline.Relay.Indexing;

namespace Bowline.Relay.Sqlite;

/// <summary>
/// The only connection that writes, on a thread of its own because it waits for the disk. Whatever is pending when it is free becomes one
/// transaction (group commit), and the answers come after its commit.
/// </summary>
internal sealed class SqliteWriter : IAsyncDisposable
{
    /// <summary>Pending events; who adds one more waits. Several batches, so that the writer never idles under load.</summary>
    private const int QueueCapacity = 4_096;

    /// <summary>The most events of one transaction: about 20 ms of work, beyond which bigger ones save nothing.</summary>
    private const int MostInBatch = 1_000;

    /// <summary>Events whose words are indexed in one transaction; an event that comes meanwhile waits for about 10 ms.</summary>
    private const int WordsAtOnce = 256;

    /// <summary>Under load without a pause words may be so far behind; a search then waits for about a second.</summary>
    private const int MostWordsBehind = 20_000;

    /// <summary>Beyond that, so many portions of words after each batch: more than a batch adds, and events wait for about 50 ms.</summary>
    private const int PortionsUnderLoad = 5;

    /// <summary>Answers that one thread gives in a row: few enough to spread over the cores, many enough to be worth its start.</summary>
    private const int AnswersAtOnce = 64;

    private readonly SqliteDatabase _database;
    private readonly SqliteApply _apply;
    private readonly bool _searches;
    private readonly Channel<Pending> _queue = Channel.CreateBounded<Pending>(new BoundedChannelOptions(QueueCapacity) { SingleReader = true });
    private readonly List<Pending> _batch = new(MostInBatch);
    private readonly Task _loop;
    private long _wordsBehind;

    public SqliteWriter(SqliteDatabase database, bool searches)
    {
        _searches = searches;
        _database = database;
        _apply = new(database);
        _wordsBehind = _apply.WordsBehind;
        _loop = Task.Factory.StartNew(Loop, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    public async ValueTask<StoreOutcome> AddAsync(IndexedEvent value, CancellationToken cancellationToken)
    {
        var pending = new Pending(apply => (int)apply.Add(value));
        await EnqueueAsync(pending, cancellationToken).ConfigureAwait(false);
        return (StoreOutcome)await pending.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Removes some of what has expired by then; returns how many.</summary>
    public async ValueTask<int> RemoveExpiredAsync(long now, CancellationToken cancellationToken)
    {
        var pending = new Pending(apply => apply.RemoveExpired(now, Sweeper.MostAtOnce));
        await EnqueueAsync(pending, cancellationToken).ConfigureAwait(false);
        return await pending.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Indexes the words of every event that is committed now.</summary>
    public async ValueTask IndexWordsAsync(CancellationToken cancellationToken)
    {
        while (Volatile.Read(ref _wordsBehind) > 0)
        {
            var pending = new Pending(static apply => apply.IndexWords(WordsAtOnce));
            await EnqueueAsync(pending, cancellationToken).ConfigureAwait(false);
            if (await pending.Task.WaitAsync(cancellationToken).ConfigureAwait(false) < WordsAtOnce)
            {
                return;
            }
        }
    }

    /// <summary>Runs a statement on the writing connection, in its turn.</summary>
    public async ValueTask ExecuteAsync(string sql)
    {
        var pending = new Pending(_ =>
        {
            _database.Execute(sql);
            return 0;
        });
        await EnqueueAsync(pending, CancellationToken.None).ConfigureAwait(false);
        _ = await pending.Task.ConfigureAwait(false);
    }

    /// <summary>Commits what is pending and closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        _ = _queue.Writer.TryComplete();
        await _loop.ConfigureAwait(false);
        _database.Dispose();
    }

    private async ValueTask EnqueueAsync(Pending pending, CancellationToken cancellationToken)
    {
        try
        {
            await _queue.Writer.WriteAsync(pending, cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException closed)
        {
            throw new EventStoreException(EventStoreError.Closed, "The event store is closed.", closed);
        }
    }

    private void Loop()
    {
        while (Take())
        {
            Commit(_batch);
            _batch.Clear();
            FollowWithWords();
        }
    }

    // A pause, or too far behind: time for words. A failure shows at the next search, and at the next event if it lasts.
    private void FollowWithWords()
    {
        var underLoad = 0;
        while (_searches
            && _apply.WordsBehind >= (_queue.Reader.Count > 0 ? MostWordsBehind : WordsAtOnce)
            && (_queue.Reader.Count == 0 || underLoad++ < PortionsUnderLoad)
            && TryCommit([new Pending(static apply => apply.IndexWords(WordsAtOnce))]) is null)
        {
        }
    }

    // Blocks this thread, which is its own; false when the queue has been closed and is empty.
    private bool Take()
    {
        if (!_queue.Reader.TryRead(out var first))
        {
            var more = _queue.Reader.WaitToReadAsync().AsTask();
            if (!more.GetAwaiter().GetResult())
            {
                return false;
            }

            _ = _queue.Reader.TryRead(out first);
        }

        _batch.Add(first!);
        while (_batch.Count < MostInBatch && _queue.Reader.TryRead(out var next))
        {
            _batch.Add(next);
        }

        return true;
    }

    private void Commit(List<Pending> batch)
    {
        var failure = TryCommit(batch);
        if (failure is null)
        {
            for (var from = 0; from < batch.Count; from += AnswersAtOnce)
            {
                _ = ThreadPool.UnsafeQueueUserWorkItem(new Answers([.. CollectionsMarshal.AsSpan(batch).Slice(from, Math.Min(AnswersAtOnce, batch.Count - from))]), preferLocal: false);
            }
        }
        else if (batch.Count == 1)
        {
            batch[0].Fail(failure);
        }
        else
        {
            // One of them may be the cause: each gets a transaction and an answer of its own.
            foreach (var pending in batch)
            {
                Commit([pending]);
            }
        }
    }

    private EventStoreException? TryCommit(List<Pending> batch)
    {
        try
        {
            _database.Execute("BEGIN IMMEDIATE");
            try
            {
                foreach (var pending in batch)
                {
                    pending.Outcome = pending.Work(_apply);
                }

                _database.Execute("COMMIT");
                Volatile.Write(ref _wordsBehind, _apply.WordsBehind);
                return null;
            }
            catch
            {
                Rollback();
                throw;
            }
        }
        catch (EventStoreException e)
        {
            return e;
        }
        catch (Exception e)
        {
            // The thread must outlive any one event: whoever waits gets the cause.
            return new(EventStoreError.Refused, $"The event could not be stored: {e.Message}", e);
        }
    }

    private void Rollback()
    {
        // SQLite rolls back by itself after some failures (a full disk), and then says so.
        if (!_database.IsAutocommit)
        {
            _database.Execute("ROLLBACK");
        }

        _apply.Reload();
    }

    /// <summary>Runs what waits for some commits, one after the other: a start of the pool for each would cost more than most of them do.</summary>
    private sealed class Answers(Pending[] committed) : IThreadPoolWorkItem
    {
        void IThreadPoolWorkItem.Execute()
        {
            foreach (var pending in committed)
            {
                pending.Answer();
            }
        }
    }

    private sealed class Pending(Func<SqliteApply, int> work)
    {
        private readonly TaskCompletionSource<int> _answer = new(TaskCreationOptions.None); // Answered on the pool already, see Answers.

        public Func<SqliteApply, int> Work => work;

        public int Outcome { get; set; }

        public Task<int> Task => _answer.Task;

        public void Answer() => _answer.TrySetResult(Outcome);

        /// <summary>Comes from the writer's own thread, which must not run what follows; failures are rare.</summary>
        public void Fail(EventStoreException failure) => _ = ThreadPool.UnsafeQueueUserWorkItem(static state => state.Pending.SetFailure(state.failure), (Pending: this, failure), preferLocal: false);

        private void SetFailure(EventStoreException failure) => _answer.TrySetException(new EventStoreException(failure.Error, failure.Message, failure));
    }
}
