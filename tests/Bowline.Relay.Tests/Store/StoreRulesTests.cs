using Bowline.Nostr;
using static Bowline.Relay.Tests.Store.TestEvents;

namespace Bowline.Relay.Tests.Store;

/// <summary>What becomes of added events: once each, replaced (NIP-01), deleted (NIP-09), expired (NIP-40).</summary>
public abstract class StoreRulesTests<THarness> : StoreTests<THarness>
    where THarness : StoreHarness, new()
{
    private static readonly NostrFilter Everything = new();

    [Fact]
    public async Task An_event_is_stored_once()
    {
        var value = Make(1, 1, 100, "hello");
        Assert.Equal(StoreOutcome.Stored, await Events.AddAsync(value));
        Assert.Equal(StoreOutcome.Duplicate, await Events.AddAsync(value));
        Assert.Equal([value.Id], await Events.FindAsync(Everything));
    }

    [Fact]
    public async Task The_same_event_many_times_at_once_is_stored_once()
    {
        var value = Make(1, 1, 100, "hello");
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Events.AddAsync(value).AsTask()));
        Assert.Single(outcomes, StoreOutcome.Stored);
        Assert.Equal(49, outcomes.Count(outcome => outcome == StoreOutcome.Duplicate));
        Assert.Equal(1, await Events.CountAsync([Everything], Audience.All, CancellationToken.None));
    }

    [Theory]
    [InlineData(0, "")]
    [InlineData(10_002, "")]
    [InlineData(30_023, "d")]
    public async Task The_newest_version_is_kept_whatever_order_they_come_in(int kind, string d)
    {
        string[][] tags = d.Length == 0 ? [] : [["d", d]];
        var older = Make(1, kind, 100, "older", null, tags);
        var newer = Make(1, kind, 101, "newer", null, tags);
        Assert.Equal(StoreOutcome.Stored, await Events.AddAsync(older));
        Assert.Equal(StoreOutcome.Stored, await Events.AddAsync(newer));
        Assert.Equal([newer.Id], await Events.FindAsync(Everything));
        Assert.Equal(StoreOutcome.Superseded, await Events.AddAsync(older));
        Assert.Equal(StoreOutcome.Duplicate, await Events.AddAsync(newer));
        Assert.Equal([newer.Id], await Events.FindAsync(Everything));
    }

    [Fact]
    public async Task Of_two_versions_of_one_second_the_smaller_id_is_kept()
    {
        Assert.Equal(StoreOutcome.Stored, await Events.AddAsync(Make(1, 0, 100, "b", Id(2))));
        Assert.Equal(StoreOutcome.Superseded, await Events.AddAsync(Make(1, 0, 100, "c", Id(3))));
        Assert.Equal(StoreOutcome.Stored, await Events.AddAsync(Make(1, 0, 100, "a", Id(1))));
        Assert.Equal([Id(1)], await Events.FindAsync(Everything));
    }

    [Fact]
    public async Task Versions_of_different_authors_kinds_and_identifiers_stand_side_by_side()
    {
        NostrEvent[] all =
        [
            Make(1, 0, 100), Make(2, 0, 101), Make(1, 3, 102),
            Make(1, 30_000, 103, "", null, ["d", "x"]), Make(1, 30_000, 104, "", null, ["d", "y"]), Make(1, 30_001, 105, "", null, ["d", "x"]),
            Make(1, 30_000, 106), Make(1, 30_000, 107, "", null, ["d", ""]),
        ];
        foreach (var value in all)
        {
            Assert.Equal(StoreOutcome.Stored, await Events.AddAsync(value));
        }

        // No d tag is the same place as an empty one.
        Assert.Equal(all.Where((_, i) => i != 6).Select(e => e.Id).Reverse(), await Events.FindAsync(Everything));
    }

    [Fact]
    public async Task Versions_added_together_leave_one_with_its_tags()
    {
        var versions = Enumerable.Range(0, 200).Select(i => Make(1, 30_000, 100 + (i * 7 % 200), "", null, ["d", "x"], ["t", $"v{i}"])).ToList();
        await Task.WhenAll(versions.Select(v => Events.AddAsync(v).AsTask()));
        var newest = versions.MaxBy(v => v.CreatedAt)!;
        Assert.Equal([newest.Id], await Events.FindAsync(Everything));
        foreach (var version in versions)
        {
            Assert.Equal(version == newest ? [newest.Id] : [], await Events.FindAsync(new NostrFilter { Tags = Tag('t', version.TagValue("t")!) }));
        }
    }

    [Fact]
    public async Task A_deletion_removes_the_authors_own_events_by_id_and_is_kept()
    {
        var mine = Make(1, 1, 100, "mine");
        var theirs = Make(2, 1, 100, "theirs");
        _ = await Events.AddAsync(mine);
        _ = await Events.AddAsync(theirs);
        var deletion = Make(1, 5, 50, "", null, ["e", mine.Id.ToString()], ["e", theirs.Id.ToString()], ["e", "no id"], ["e"]);
        Assert.Equal(StoreOutcome.Stored, await Events.AddAsync(deletion));
        Assert.Equal([theirs.Id, deletion.Id], await Events.FindAsync(Everything));
        Assert.Equal(StoreOutcome.Deleted, await Events.AddAsync(mine));
    }

    [Fact]
    public async Task An_event_deleted_before_it_came_is_refused_its_authors_only()
    {
        var mine = Make(1, 1, 100, "mine");
        var theirs = Make(2, 1, 100, "theirs");
        var deletion = Make(1, 5, 200, "", null, ["e", mine.Id.ToString()], ["e", theirs.Id.ToString()]);
        _ = await Events.AddAsync(deletion);
        Assert.Equal(StoreOutcome.Deleted, await Events.AddAsync(mine));
        Assert.Equal(StoreOutcome.Stored, await Events.AddAsync(theirs));
    }

    [Fact]
    public async Task A_deletion_and_its_event_sent_at_once_leave_the_deletion()
    {
        var value = Make(1, 1, 100, "mine");
        var deletion = Make(1, 5, 200, "", null, ["e", value.Id.ToString()]);
        var both = new[] { Events.AddAsync(value).AsTask(), Events.AddAsync(deletion).AsTask(), Events.AddAsync(value).AsTask() };
        Assert.Equal([StoreOutcome.Stored, StoreOutcome.Stored, StoreOutcome.Deleted], await Task.WhenAll(both));
        Assert.Equal([deletion.Id], await Events.FindAsync(Everything));
    }

    [Theory]
    [InlineData(30_023, "a:b")]
    [InlineData(0, "")]
    public async Task A_deletion_by_address_removes_versions_up_to_its_time(int kind, string d)
    {
        string[][] tags = d.Length == 0 ? [] : [["d", d]];
        var old = Make(1, kind, 100, "old", null, tags);
        var foreign = Make(2, kind, 100, "old", null, tags);
        _ = await Events.AddAsync(old);
        _ = await Events.AddAsync(foreign);
        var deletion = Make(1, 5, 150, "", null, ["a", $"{kind}:{Author(1)}:{d}"], ["a", $"{kind}:{Author(2)}:{d}"], ["a", "nonsense"], ["a", $"1:{Author(1)}:"]);
        _ = await Events.AddAsync(deletion);
        Assert.Equal([deletion.Id, foreign.Id], await Events.FindAsync(Everything));
        Assert.Equal(StoreOutcome.Deleted, await Events.AddAsync(Make(1, kind, 150, "still", null, tags)));
        var newer = Make(1, kind, 151, "again", null, tags);
        Assert.Equal(StoreOutcome.Stored, await Events.AddAsync(newer));
        Assert.Equal([newer.Id, deletion.Id, foreign.Id], await Events.FindAsync(Everything));

        // A deletion of an older time does not reach the newer version.
        Assert.Equal(StoreOutcome.Stored, await Events.AddAsync(Make(1, 5, 140, "", null, ["a", $"{kind}:{Author(1)}:{d}"])));
        Assert.Contains(newer.Id, await Events.FindAsync(Everything));
    }

    [Fact]
    public async Task A_deletion_of_a_deletion_has_no_effect()
    {
        var value = Make(1, 1, 100);
        var deletion = Make(1, 5, 101, "", null, ["e", value.Id.ToString()]);
        var second = Make(1, 5, 102, "", null, ["e", deletion.Id.ToString()]);
        var early = Make(1, 5, 104, "early");
        var third = Make(1, 5, 103, "", null, ["e", early.Id.ToString()]);
        foreach (var each in new[] { value, deletion, second, third, early })
        {
            Assert.Equal(StoreOutcome.Stored, await Events.AddAsync(each));
        }

        Assert.Equal([early.Id, third.Id, second.Id, deletion.Id], await Events.FindAsync(Everything));
        Assert.Equal(StoreOutcome.Deleted, await Events.AddAsync(value));
    }

    [Fact]
    public async Task An_expired_event_is_not_found_and_later_removed()
    {
        var now = Now.ToUnixTimeSeconds();
        var value = Make(1, 1, 100, "short-lived", null, ["expiration", $"{now + 10}"], ["t", "x"]);
        var other = Make(1, 1, 101, "stays", null, ["expiration", "soon"], ["t", "x"]);
        _ = await Events.AddAsync(value);
        _ = await Events.AddAsync(other);
        NostrFilter[] shapes = [Everything, new() { Ids = [value.Id, other.Id] }, new() { Authors = [Author(1)] }, new() { Kinds = [1] }, new() { Authors = [Author(1)], Kinds = [1] }, new() { Tags = Tag('t', "x") }];
        foreach (var shape in shapes)
        {
            Assert.Equal([other.Id, value.Id], await Events.FindAsync(shape));
        }

        Harness.Time.Advance(TimeSpan.FromSeconds(10));
        foreach (var shape in shapes)
        {
            Assert.Equal([other.Id], await Events.FindAsync(shape));
            Assert.Equal([other.Id], await Events.FindAsync(shape with { Limit = 1 }));
            Assert.Equal(1, await Events.CountAsync([shape], Audience.All, CancellationToken.None));
        }

        // Until the sweep it is still there, so adding it again says so; afterwards it is new. Time is advanced until a sweep has run.
        Assert.Equal(StoreOutcome.Duplicate, await Events.AddAsync(value));
        Harness.Time.Advance(TimeSpan.FromSeconds(60));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (await Events.AddAsync(value, Json(value), limit.Token) != StoreOutcome.Stored)
        {
            limit.Token.ThrowIfCancellationRequested();
        }
    }
}
