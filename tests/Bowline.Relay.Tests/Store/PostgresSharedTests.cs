using Bowline.Nostr;
using static Bowline.Relay.Tests.Store.TestEvents;

namespace Bowline.Relay.Tests.Store;

/// <summary>Several relays on one database.</summary>
public sealed class PostgresSharedTests : IAsyncDisposable
{
    private readonly PostgresHarness _harness = new();

    [Fact]
    public async Task Stores_that_share_a_database_agree_on_what_is_kept()
    {
        // Opened at once: the first makes the tables, the others wait for it.
        await _harness.CreateAsync();
        var stores = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => _harness.OpenAsync()));
        var versions = Enumerable.Range(0, 60).Select(i => Make(1, 0, 100 + (i % 5), $"{i}")).ToList();
        var notes = Enumerable.Range(0, 60).Select(i => Make(2, 1, 100 + i, $"{i}")).ToList();
        var deletions = notes.Take(30).Select(note => Make(2, 5, 500, note.Content, null, ["e", note.Id.ToString()])).ToList();
        var all = versions.Concat(notes).Concat(deletions).ToList();
        var outcomes = await Task.WhenAll(stores.SelectMany((store, s) =>
            all.OrderBy(e => HashCode.Combine(e.Id, s)).Select(async e => (Event: e, Outcome: await store.AddAsync(e)))));

        var winner = versions.OrderByDescending(v => v.CreatedAt).ThenBy(v => v.Id).First();
        foreach (var store in stores)
        {
            Assert.Equal([winner.Id], await store.FindAsync(new NostrFilter { Kinds = [0] }));
            Assert.Equal(notes.Skip(30).Select(n => n.Id).Reverse(), await store.FindAsync(new NostrFilter { Kinds = [1] }));
            Assert.Equal(30, await store.CountAsync([new() { Kinds = [5] }], Audience.All, CancellationToken.None));
        }

        // Nobody was told twice that the same event was stored, and nobody saw an error.
        Assert.All(outcomes.GroupBy(o => o.Event.Id), same => Assert.InRange(same.Count(o => o.Outcome == StoreOutcome.Stored), 0, 1));
        foreach (var store in stores)
        {
            await store.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_store_goes_on_after_its_connections_were_cut()
    {
        await using var store = await _harness.OpenAsync();
        _ = await store.AddAsync(Make(1, 1, 100));
        _ = await store.FindAsync(new NostrFilter());
        await using (var admin = Npgsql.NpgsqlDataSource.Create(_harness.ConnectionString + ";Pooling=false"))
        {
            await using var cut = admin.CreateCommand("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
            _ = await cut.ExecuteNonQueryAsync();
        }

        var failure = await Assert.ThrowsAsync<EventStoreException>(async () => await store.AddAsync(Make(1, 1, 101)));
        Assert.Equal(EventStoreError.Unavailable, failure.Error);
        Assert.Equal(StoreOutcome.Stored, await store.AddAsync(Make(1, 1, 101)));
        try
        {
            _ = await store.FindAsync(new NostrFilter());
        }
        catch (EventStoreException e)
        {
            // The pool may still have held a connection that was cut.
            Assert.Equal(EventStoreError.Unavailable, e.Error);
        }

        Assert.Equal(2, (await store.FindAsync(new NostrFilter())).Count);
    }

    [Fact]
    public async Task A_server_that_cannot_be_reached_is_a_typed_error()
    {
        var failure = await Assert.ThrowsAsync<EventStoreException>(() => PostgresEventStore.OpenAsync(new() { ConnectionString = "Host=/nowhere;Username=x;Database=x" }));
        Assert.Equal(EventStoreError.Unavailable, failure.Error);
    }

    public ValueTask DisposeAsync() => _harness.DisposeAsync();
}
