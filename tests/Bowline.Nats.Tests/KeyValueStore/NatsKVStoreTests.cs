using System.Diagnostics;
using Bowline.Nats.JetStream;
using Bowline.Nats.KeyValueStore;
using Bowline.Nats.Tests.JetStream;

namespace Bowline.Nats.Tests.KeyValueStore;

public sealed class NatsKVStoreTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_key_is_set_read_changed_on_condition_deleted_and_purged()
    {
        await using var server = await JetStreamServer.StartAsync();
        var store = await server.Kv.CreateStoreAsync(new NatsKVConfig("b") { History = 5 }, Ct);
        Assert.Equal(1UL, await store.PutAsync("a.b", "one", cancellationToken: Ct));
        var entry = await store.GetEntryAsync<string>("a.b", cancellationToken: Ct);
        Assert.Equal(("b", "a.b", "one", 1UL, NatsKVOperation.Put), (entry.Bucket, entry.Key, entry.Value, entry.Revision, entry.Operation));
        Assert.Equal(2UL, await store.UpdateAsync("a.b", "two", 1, cancellationToken: Ct));
        var wrong = await Assert.ThrowsAsync<NatsKVWrongLastRevisionException>(() => store.UpdateAsync("a.b", "three", 1, cancellationToken: Ct).AsTask());
        Assert.Equal(("a.b", 1UL), (wrong.Key, wrong.Expected));
        await Assert.ThrowsAsync<NatsKVWrongLastRevisionException>(() => store.DeleteAsync("a.b", 1, Ct).AsTask());
        await store.DeleteAsync("a.b", 2, Ct);
        Assert.Equal(3UL, (await Assert.ThrowsAsync<NatsKVKeyDeletedException>(() => store.GetEntryAsync<string>("a.b", cancellationToken: Ct).AsTask())).Revision);
        Assert.Null(await store.TryGetEntryAsync<string>("a.b", cancellationToken: Ct));
        Assert.Equal([NatsKVOperation.Put, NatsKVOperation.Put, NatsKVOperation.Del], await store.HistoryAsync<string>("a.b", cancellationToken: Ct).Select(e => e.Operation).ToListAsync(Ct));
        await store.PurgeAsync("a.b", cancellationToken: Ct);
        Assert.Equal([NatsKVOperation.Purge], await store.HistoryAsync<string>("a.b", cancellationToken: Ct).Select(e => e.Operation).ToListAsync(Ct));
        await Assert.ThrowsAsync<NatsKVKeyNotFoundException>(() => store.GetEntryAsync<string>("never", cancellationToken: Ct).AsTask());
        Assert.Empty(await store.HistoryAsync<string>("never", cancellationToken: Ct).ToListAsync(Ct));
    }

    [Fact]
    public async Task Create_wants_a_key_without_a_value_and_replaces_a_deletion_marker()
    {
        await using var server = await JetStreamServer.StartAsync();
        var store = await server.Kv.CreateStoreAsync("b", Ct);
        await store.CreateAsync("k", "one", cancellationToken: Ct);
        Assert.Equal("k", (await Assert.ThrowsAsync<NatsKVCreateException>(() => store.CreateAsync("k", "two", cancellationToken: Ct).AsTask())).Key);
        await store.DeleteAsync("k", cancellationToken: Ct);
        await store.CreateAsync("k", "three", cancellationToken: Ct);
        await store.PurgeAsync("k", cancellationToken: Ct);
        await store.CreateAsync("k", "four", cancellationToken: Ct);
        Assert.Equal("four", (await store.GetEntryAsync<string>("k", cancellationToken: Ct)).Value);
    }

    [Fact]
    public async Task Keys_lists_what_has_a_value()
    {
        await using var server = await JetStreamServer.StartAsync();
        var store = await server.Kv.CreateStoreAsync("b", Ct);
        Assert.Empty(await store.GetKeysAsync(cancellationToken: Ct).ToListAsync(Ct));
        foreach (var key in new[] { "x.1", "x.2", "y.1", "gone" })
        {
            await store.PutAsync(key, "v", cancellationToken: Ct);
        }

        await store.DeleteAsync("gone", cancellationToken: Ct);
        Assert.Equal(["x.1", "x.2", "y.1"], (await store.GetKeysAsync(cancellationToken: Ct).ToListAsync(Ct)).Order());
        Assert.Equal(["x.1", "x.2"], (await store.GetKeysAsync("x.*", Ct).ToListAsync(Ct)).Order());
    }

    [Fact]
    public async Task Of_writers_that_race_exactly_one_wins_each_revision()
    {
        await using var server = await JetStreamServer.StartAsync();
        var store = await server.Kv.CreateStoreAsync("b", Ct);
        await store.PutAsync("counter", "0", cancellationToken: Ct);
        var conflicts = 0;
        async Task AddAsync(NatsKVStore mine)
        {
            for (var done = 0; done < 25;)
            {
                var entry = await mine.GetEntryAsync<string>("counter", cancellationToken: Ct);
                try
                {
                    await mine.UpdateAsync("counter", $"{int.Parse(entry.Value!, System.Globalization.CultureInfo.InvariantCulture) + 1}", entry.Revision, cancellationToken: Ct);
                    done++;
                }
                catch (NatsKVWrongLastRevisionException)
                {
                    Interlocked.Increment(ref conflicts);
                }
            }
        }

        var writers = new List<Task>();
        for (var i = 0; i < 4; i++)
        {
            var context = new NatsKVContext(new NatsJSContext(await server.ConnectAsync()));
            writers.Add(AddAsync(await context.GetStoreAsync("b", Ct)));
        }

        await Task.WhenAll(writers);
        Assert.Equal("100", (await store.GetEntryAsync<string>("counter", cancellationToken: Ct)).Value);
        Assert.True(conflicts > 0, "The writers never met, so nothing was shown.");
    }

    [Fact]
    public async Task Of_creators_that_race_exactly_one_wins()
    {
        await using var server = await JetStreamServer.StartAsync();
        var store = await server.Kv.CreateStoreAsync("b", Ct);
        await store.PutAsync("k", "x", cancellationToken: Ct);
        await store.DeleteAsync("k", cancellationToken: Ct);
        var wins = await Task.WhenAll(Enumerable.Range(0, 8).Select(async i =>
        {
            try
            {
                await store.CreateAsync("k", $"{i}", cancellationToken: Ct);
                return 1;
            }
            catch (NatsKVCreateException)
            {
                return 0;
            }
        }));
        Assert.Equal(1, wins.Sum());
    }

    [Fact]
    public async Task A_value_expires_with_the_buckets_age_and_the_key_is_free_again()
    {
        await using var server = await JetStreamServer.StartAsync();
        var store = await server.Kv.CreateStoreAsync(new NatsKVConfig("b") { MaxAge = TimeSpan.FromSeconds(1), Storage = StreamConfigStorage.Memory }, Ct);
        var clock = Stopwatch.StartNew();
        await store.CreateAsync("k", "one", cancellationToken: Ct);
        await Assert.ThrowsAsync<NatsKVCreateException>(() => store.CreateAsync("k", "two", cancellationToken: Ct).AsTask());
        while (await store.TryGetEntryAsync<string>("k", cancellationToken: Ct) is not null)
        {
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(10));
            await Task.Delay(20, Ct);
        }

        Assert.InRange(clock.Elapsed.TotalSeconds, 0.95, 5);
        await store.CreateAsync("k", "two", cancellationToken: Ct);
    }

    [Fact]
    public async Task A_watcher_is_told_what_is_there_then_each_change_over_a_killed_server()
    {
        await using var server = await JetStreamServer.StartAsync();
        var store = await server.Kv.CreateStoreAsync("b", Ct);
        await store.PutAsync("x.1", "a", cancellationToken: Ct);
        await store.PutAsync("x.1", "b", cancellationToken: Ct);
        await store.PutAsync("y", "other", cancellationToken: Ct);
        var opts = new NatsKVWatchOpts { IdleHeartbeat = TimeSpan.FromMilliseconds(200) };
        await using var watch = store.WatchAsync<string>("x.>", opts: opts, cancellationToken: Ct).GetAsyncEnumerator(Ct);
        Assert.True(await watch.MoveNextAsync());
        Assert.Equal(("x.1", "b", 0UL), (watch.Current.Key, watch.Current.Value, watch.Current.Delta));
        await store.DeleteAsync("x.1", cancellationToken: Ct);
        Assert.True(await watch.MoveNextAsync());
        Assert.Equal((NatsKVOperation.Del, null), (watch.Current.Operation, watch.Current.Value));
        var next = watch.MoveNextAsync().AsTask();
        await server.Process.RestartAsync(Ct);
        await server.Connection.WaitWritableAsync(Ct);
        await store.PutAsync("x.2", "c", cancellationToken: Ct);
        Assert.True(await next.WaitAsync(TimeSpan.FromSeconds(10), Ct));
        Assert.Equal(("x.2", "c"), (watch.Current.Key, watch.Current.Value));
    }

    [Fact]
    public async Task A_watcher_can_ask_for_changes_only_without_deletions_or_values()
    {
        await using var server = await JetStreamServer.StartAsync();
        var store = await server.Kv.CreateStoreAsync("b", Ct);
        await store.PutAsync("k", "old", cancellationToken: Ct);
        var empty = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var opts = new NatsKVWatchOpts { UpdatesOnly = true, IgnoreDeletes = true, MetaOnly = true, OnNoData = empty.SetResult };
        await using var watch = store.WatchAsync<string>(opts: opts, cancellationToken: Ct).GetAsyncEnumerator(Ct);
        var next = watch.MoveNextAsync().AsTask();
        Assert.Same(empty.Task, await Task.WhenAny(empty.Task, next));
        await store.DeleteAsync("k", cancellationToken: Ct);
        await store.PutAsync("k", "new", cancellationToken: Ct);
        Assert.True(await next.WaitAsync(TimeSpan.FromSeconds(10), Ct));
        Assert.Equal((NatsKVOperation.Put, null, 3UL), (watch.Current.Operation, watch.Current.Value, watch.Current.Revision));
    }

    [Fact]
    public async Task Buckets_and_keys_that_could_reach_elsewhere_are_refused()
    {
        await using var server = await JetStreamServer.StartAsync();
        var store = await server.Kv.CreateStoreAsync("b", Ct);
        foreach (var name in new[] { "", "*", "a.b", "a b", ">" })
        {
            await Assert.ThrowsAsync<ArgumentException>(() => server.Kv.CreateStoreAsync(name, Ct).AsTask());
            await Assert.ThrowsAsync<ArgumentException>(() => server.Kv.GetStoreAsync(name, Ct).AsTask());
            await Assert.ThrowsAsync<ArgumentException>(() => server.Kv.DeleteStoreAsync(name, Ct).AsTask());
        }

        foreach (var key in new[] { "", "*", ">", "a.*", "a..b", ".a", "a.", "a b", "a\r\nPUB x 0", "ü" })
        {
            await Assert.ThrowsAsync<ArgumentException>(() => store.PutAsync(key, "x", cancellationToken: Ct).AsTask());
            await Assert.ThrowsAsync<ArgumentException>(() => store.GetEntryAsync<string>(key, cancellationToken: Ct).AsTask());
            await Assert.ThrowsAsync<ArgumentException>(() => store.PurgeAsync(key, cancellationToken: Ct).AsTask());
        }

        await Assert.ThrowsAsync<ArgumentException>(async () => await store.GetKeysAsync("a.>.b", Ct).ToListAsync(Ct));
        await server.Kv.DeleteStoreAsync("b", Ct);
        await Assert.ThrowsAsync<NatsJSApiException>(() => server.Kv.GetStoreAsync("b", Ct).AsTask());
    }
}
