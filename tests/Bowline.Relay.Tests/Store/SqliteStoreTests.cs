using Bowline.Nostr;
using static Bowline.Relay.Tests.Store.TestEvents;

namespace Bowline.Relay.Tests.Store;

public sealed class SqliteRulesTests : StoreRulesTests<SqliteHarness>;

public sealed class SqliteFilterTests : StoreFilterTests<SqliteHarness>;

public sealed class SqliteRobustnessTests : StoreRobustnessTests<SqliteHarness>
{
    [Fact]
    public async Task A_full_file_refuses_events_one_by_one_and_takes_them_again_when_there_is_room()
    {
        await using var harness = new SqliteHarness { MaxBytes = 600_000 };
        await using var store = await harness.OpenAsync();
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 200).Select(async i =>
        {
            try
            {
                return (Error: (EventStoreError?)null, Outcome: (StoreOutcome?)await store.AddAsync(Make(1, 1, 100 + i, new string('x', 20_000) + i)));
            }
            catch (EventStoreException e)
            {
                return (e.Error, null);
            }
        }));
        var stored = outcomes.Count(o => o.Outcome == StoreOutcome.Stored);
        Assert.InRange(stored, 1, 40);
        Assert.All(outcomes.Where(o => o.Outcome is null), o => Assert.Equal(EventStoreError.Full, o.Error));
        Assert.Equal(stored, await store.CountAsync([new()], Audience.All, CancellationToken.None));
        await ((SqliteEventStore)store).ExecuteOnWriterAsync("PRAGMA max_page_count = 100000");
        Assert.Equal(StoreOutcome.Stored, await store.AddAsync(Make(2, 1, 100, new string('x', 20_000))));
    }

    [Fact]
    public async Task Files_that_are_no_store_are_refused_with_advice()
    {
        await using var harness = new SqliteHarness();
        await File.WriteAllTextAsync(harness.File, new string('x', 5_000));
        var refused = await Assert.ThrowsAsync<EventStoreException>(harness.OpenAsync);
        Assert.Equal(EventStoreError.Unusable, refused.Error);
        Assert.Contains("Restore it from a backup", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_newer_schema_and_another_programs_file_are_refused()
    {
        foreach (var (sql, words) in new[] { ("PRAGMA user_version = 99", "newer relay"), ("PRAGMA application_id = 1", "another program") })
        {
            await using var harness = new SqliteHarness();
            await using (var store = await harness.OpenAsync())
            {
                await ((SqliteEventStore)store).ExecuteOnWriterAsync(sql);
            }

            var refused = await Assert.ThrowsAsync<EventStoreException>(harness.OpenAsync);
            Assert.Equal(EventStoreError.Unusable, refused.Error);
            Assert.Contains(words, refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Search_may_be_turned_off_and_on_and_finds_what_came_meanwhile()
    {
        await using var harness = new SqliteHarness();
        var (early, gone, late) = (Make(1, 1, 100, "bowline early"), Make(1, 1, 101, "bowline gone"), Make(1, 1, 102, "bowline late"));
        var search = new NostrFilter { Search = "bowline" };
        await using (var searching = await harness.OpenAsync())
        {
            _ = await searching.AddAsync(early);
            _ = await searching.AddAsync(gone);
            Assert.Equal([gone.Id, early.Id], await searching.FindAsync(search));
        }

        harness.Search = false;
        await using (var plain = await harness.OpenAsync())
        {
            Assert.False(plain.SupportsSearch);
            Assert.Empty(await plain.FindAsync(search));
            _ = await plain.AddAsync(late);
            _ = await plain.AddAsync(Make(1, 5, 103, "", null, ["e", gone.Id.ToString()]));
        }

        harness.Search = true;
        await using var again = await harness.OpenAsync();
        Assert.True(again.SupportsSearch);
        Assert.Equal([late.Id, early.Id], await again.FindAsync(search));
    }

    [Fact]
    public async Task Many_events_at_once_are_each_answered_although_one_of_them_waits_in_its_answer()
    {
        await using var harness = new SqliteHarness { Search = false };
        await using var store = await harness.OpenAsync();
        var all = new List<Task<StoreOutcome>>();
        for (var i = 0; i < 500; i++)
        {
            all.Add(AddTwiceAsync(i));
        }

        Assert.All(await Task.WhenAll(all), outcome => Assert.Equal(StoreOutcome.Duplicate, outcome));
        Assert.Equal(500, await store.CountAsync([new()], Audience.All, CancellationToken.None));

        // What follows an answer asks the store again, from the thread that gave it.
        async Task<StoreOutcome> AddTwiceAsync(int i)
        {
            var value = Make(1, 1, 100 + i, "note");
            Assert.Equal(StoreOutcome.Stored, await store.AddAsync(value));
            return await store.AddAsync(value);
        }
    }

    [Fact]
    public async Task The_file_is_its_owners_alone()
    {
        await using var harness = new SqliteHarness();
        await using var store = await harness.OpenAsync();
        _ = await store.AddAsync(Make(1, 1, 1));
        Assert.All(Directory.GetFiles(Path.GetDirectoryName(harness.File)!), file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
    }
}

public sealed class SqliteDurabilityTests : StoreDurabilityTests<SqliteHarness>
{
    protected override string Kind => StoreAddress.Sqlite;

    protected override Task<string> AddressAsync() => Task.FromResult(Harness.File);
}
