using Bowline.Nostr;
using static Bowline.Relay.Tests.Store.TestEvents;

namespace Bowline.Relay.Tests.Store;

/// <summary>Odd events, restarts, stores that cannot write, queries that are given up.</summary>
public abstract class StoreRobustnessTests<THarness> : StoreTests<THarness>
    where THarness : StoreHarness, new()
{
    [Fact]
    public async Task Long_values_many_tags_and_control_characters_are_kept_exactly()
    {
        var value = new string('x', 200_000);
        var tags = Enumerable.Range(0, 2_000).Select(i => (string[])["t", $"tag {i}"]).Append(["r", value]).Append(["r", value + "y"]).ToArray();
        var odd = Make(1, 1, 100, "nul \0 and \u0001, quote \" and 😀", null, tags);
        Assert.Equal(StoreOutcome.Stored, await Events.AddAsync(odd));
        Assert.Equal([odd.Id], await Events.FindAsync(new NostrFilter { Tags = Tag('t', "tag 1999") }));
        Assert.Equal([odd.Id], await Events.FindAsync(new NostrFilter { Tags = Tag('r', value + "y") }));
        Assert.Empty(await Events.FindAsync(new NostrFilter { Tags = Tag('r', value + "z") }));
        await foreach (var stored in Events.QueryAsync([new() { Ids = [odd.Id], Limit = 1 }], Audience.All, CancellationToken.None))
        {
            Assert.Equal(Json(odd).ToArray(), stored.Json.ToArray());
        }
    }

    [Fact]
    public async Task A_long_answer_comes_whole_and_in_order()
    {
        var events = Enumerable.Range(0, 1_500).Select(i => Make(i % 7, 1, 1_000 + (i % 97), new string('c', 2_000) + i)).ToList();
        await Task.WhenAll(events.Select(e => Events.AddAsync(e).AsTask()));
        var wanted = events.OrderByDescending(e => e.CreatedAt).ThenBy(e => e.Id).Select(e => e.Id);
        Assert.Equal(wanted, await Events.FindAsync(new NostrFilter { Limit = 2_000 }));
    }

    [Fact]
    public async Task Closing_and_opening_keeps_everything()
    {
        var kept = Make(1, 1, 100, "kept", null, ["t", "x"]);
        var deleted = Make(1, 1, 101, "deleted");
        _ = await Events.AddAsync(kept);
        _ = await Events.AddAsync(deleted);
        _ = await Events.AddAsync(Make(1, 5, 102, "", null, ["e", deleted.Id.ToString()]));
        await Events.DisposeAsync();
        Events = await Harness.OpenAsync();
        Assert.Equal(StoreOutcome.Duplicate, await Events.AddAsync(kept));
        Assert.Equal(StoreOutcome.Deleted, await Events.AddAsync(deleted));
        Assert.Equal([kept.Id], await Events.FindAsync(new NostrFilter { Tags = Tag('t', "x") }));
        Assert.Equal([kept.Id], await Events.FindAsync(new NostrFilter { Search = "kept" }));
    }

    [Fact]
    public async Task Closing_answers_what_is_pending_and_refuses_what_comes_after()
    {
        var pending = Enumerable.Range(0, 300).Select(i => Events.AddAsync(Make(1, 1, 100 + i)).AsTask()).ToList();
        await Events.DisposeAsync();
        Assert.All(await Task.WhenAll(pending), outcome => Assert.Equal(StoreOutcome.Stored, outcome));
        var refused = await Assert.ThrowsAsync<EventStoreException>(async () => await Events.AddAsync(Make(1, 1, 1)));
        Assert.Equal(EventStoreError.Closed, refused.Error);
        var closed = await Assert.ThrowsAsync<EventStoreException>(() => Events.FindAsync(new NostrFilter()));
        Assert.Equal(EventStoreError.Closed, closed.Error);
    }

    [Fact]
    public async Task A_store_that_cannot_write_says_so_for_each_event_and_still_reads()
    {
        var value = Make(1, 1, 100);
        _ = await Events.AddAsync(value);
        await Harness.MakeReadOnlyAsync(Events);
        var attempts = Enumerable.Range(0, 5).Select(i => Events.AddAsync(Make(1, 1, 200 + i)).AsTask()).ToList();
        foreach (var attempt in attempts)
        {
            Assert.Equal(EventStoreError.ReadOnly, (await Assert.ThrowsAsync<EventStoreException>(() => attempt)).Error);
        }

        Assert.Equal([value.Id], await Events.FindAsync(new NostrFilter()));
    }

    [Fact]
    public async Task A_query_that_is_given_up_ends_and_harms_no_later_one()
    {
        var events = Enumerable.Range(0, 600).Select(i => Make(1, 1, 100 + i)).ToList();
        await Task.WhenAll(events.Select(e => Events.AddAsync(e).AsTask()));
        using var given = new CancellationTokenSource();
        var seen = 0;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in Events.QueryAsync([new() { Limit = 5_000 }], Audience.All, given.Token))
            {
                if (++seen == 10)
                {
                    await given.CancelAsync();
                }
            }
        });
        Assert.InRange(seen, 10, 599);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Events.CountAsync([new()], Audience.All, given.Token));
        Assert.Equal(600, await Events.CountAsync([new()], Audience.All, CancellationToken.None));
    }
}
