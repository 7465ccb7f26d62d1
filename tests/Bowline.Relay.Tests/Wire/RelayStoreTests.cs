using Bowline.Nostr;
using Bowline.Relay.Tests.Store;

namespace Bowline.Relay.Tests.Wire;

/// <summary>The protocol over real WebSockets; the same on every store.</summary>
public abstract class RelayStoreTests<THarness> : HarnessTests<THarness>
    where THarness : StoreHarness, new()
{
    [Fact]
    public async Task What_is_published_is_found_and_comes_live()
    {
        await using var store = await Harness.OpenAsync();
        await using var relay = await TestRelay.StartAsync(store);
        await using var writer = await relay.ConnectAsync();
        await using var reader = await relay.ConnectAsync();
        var first = Make.Note("one \"two\"\n\u0001 ünï");
        Assert.Equal(new RelayOkMessage(first.Id, Accepted: true, ""), await writer.AskAsync(first));
        var found = Assert.Single(await reader.AskAsync("s\"1", Make.By(Make.Alice)));
        Assert.True(found.Verify());
        Assert.Equal(first.Content, found.Content);
        var second = Make.Note("two");
        Assert.True((await writer.AskAsync(second)).Accepted);
        var live = await reader.ReceiveAsync<RelayEventMessage>();
        Assert.Equal(("s\"1", second.Id), (live.SubscriptionId, live.Event.Id));
        Assert.Equal("duplicate: already have this event", (await writer.AskAsync(second)).Text);
        await reader.SendAsync(new ClientCloseMessage("s\"1"));
        Assert.Equal(2, (await RelayTests.CountAsync(reader, new NostrFilter())).Count);
        Assert.True((await writer.AskAsync(Make.Note("three"))).Accepted);
        Assert.Equal(3, (await RelayTests.CountAsync(reader, new NostrFilter())).Count); // Nothing came for the closed one before it.
    }

    [Fact]
    public async Task Each_class_of_kinds_is_kept_as_NIP_01_says()
    {
        await using var store = await Harness.OpenAsync();
        await using var relay = await TestRelay.StartAsync(store);
        await using var client = await relay.ConnectAsync();
        var at = DateTimeOffset.UtcNow;
        var older = Make.Note("old", kind: 0, at: at);
        var newer = Make.Note("new", kind: 0, at: at.AddSeconds(1));
        Assert.True((await client.AskAsync(older)).Accepted);
        Assert.True((await client.AskAsync(newer)).Accepted);
        var again = await client.AskAsync(Make.Note("older still", kind: 0, at: at.AddSeconds(-1)));
        Assert.Equal((false, "duplicate: a newer event is in its place"), (again.Accepted, again.Text));
        Assert.True((await client.AskAsync(Make.Note(kind: 30_000, tags: new NostrTag("d", "a")))).Accepted);
        Assert.True((await client.AskAsync(Make.Note(kind: 30_000, tags: new NostrTag("d", "b")))).Accepted);
        Assert.Equal("new", Assert.Single(await client.AskAsync("r", Make.Kind(0))).Content);
        Assert.Equal(2, (await client.AskAsync("a", Make.Kind(30_000))).Count);
        Assert.Empty(await client.AskAsync("e", Make.Kind(Make.Ephemeral)));
        var ephemeral = Make.Note(kind: Make.Ephemeral);
        await client.PublishAsync(ephemeral);
        Assert.Equal(ephemeral.Id, (await client.ReceiveAsync<RelayEventMessage>()).Event.Id);
        Assert.True((await client.ReceiveAsync<RelayOkMessage>()).Accepted);
        Assert.Equal(0, (await RelayTests.CountAsync(client, Make.Kind(Make.Ephemeral))).Count);
    }

    [Fact]
    public async Task A_deleted_event_is_gone_and_does_not_come_back()
    {
        await using var store = await Harness.OpenAsync();
        await using var relay = await TestRelay.StartAsync(store);
        await using var client = await relay.ConnectAsync();
        var value = Make.Note();
        Assert.True((await client.AskAsync(value)).Accepted);
        Assert.True((await client.AskAsync(Make.Note(kind: NostrKind.Deletion, tags: new NostrTag("e", value.Id.ToString())))).Accepted);
        Assert.Empty(await client.AskAsync("s", Make.Kind(1)));
        var again = await client.AskAsync(value);
        Assert.Equal((false, "blocked: its author has deleted it"), (again.Accepted, again.Text));
    }

    [Fact]
    public async Task Private_kinds_reach_only_those_they_are_for_stored_live_and_counted()
    {
        await using var store = await Harness.OpenAsync();
        await using var relay = await TestRelay.StartAsync(store);
        await using var writer = await relay.ConnectAsync();
        await using var stranger = await relay.ConnectAsync();
        await using var bob = await relay.ConnectAsync();
        await AuthenticateAsync(relay, bob, Make.Bob);
        var before = Make.Wrap(Make.Bob);
        Assert.True((await writer.AskAsync(before)).Accepted);
        Assert.Empty(await stranger.AskAsync("s", new NostrFilter()));
        Assert.Equal(before.Id, Assert.Single(await bob.AskAsync("s", new NostrFilter())).Id);
        Assert.Equal(0, (await RelayTests.CountAsync(stranger, new NostrFilter())).Count);
        Assert.Equal(1, (await RelayTests.CountAsync(bob, new NostrFilter())).Count);
        var wrap = Make.Wrap(Make.Bob);
        var direct = Make.Note(kind: 4, tags: new NostrTag("p", Make.Carol.PublicKey.ToString()));
        var open = Make.Note();
        foreach (var value in new[] { wrap, direct, open })
        {
            Assert.True((await writer.AskAsync(value)).Accepted);
        }

        Assert.Equal(open.Id, (await stranger.ReceiveAsync<RelayEventMessage>()).Event.Id);
        Assert.Equal(wrap.Id, (await bob.ReceiveAsync<RelayEventMessage>()).Event.Id);
        Assert.Equal(open.Id, (await bob.ReceiveAsync<RelayEventMessage>()).Event.Id);
        await AuthenticateAsync(relay, writer, Make.Alice); // The author of a direct message of old reads it, too.
        Assert.Equal([open.Id, direct.Id], (await writer.AskAsync("s", Make.By(Make.Alice))).Select(static value => value.Id).OrderBy(id => id != open.Id));
    }

    [Fact]
    public async Task Search_goes_to_the_store_and_is_not_live()
    {
        await using var store = await Harness.OpenAsync();
        await using var relay = await TestRelay.StartAsync(store);
        await using var client = await relay.ConnectAsync();
        Assert.True((await client.AskAsync(Make.Note("a needle"))).Accepted);
        Assert.True((await client.AskAsync(Make.Note("hay"))).Accepted);
        Assert.Equal("a needle", Assert.Single(await client.AskAsync("s", new NostrFilter { Search = "needle" })).Content);
        Assert.True((await client.AskAsync(Make.Note("more hay"))).Accepted);
        Assert.Equal(3, (await RelayTests.CountAsync(client, new NostrFilter())).Count);
    }

    /// <summary>Provokes the challenge, answers it, and reads the OK.</summary>
    private static async Task AuthenticateAsync(TestRelay relay, TestClient client, NostrKey key)
    {
        await client.RequestAsync("dm", Make.Kind(1059));
        _ = await client.ReceiveAsync<RelayClosedMessage>();
        var challenge = (await client.ReceiveAsync<RelayAuthMessage>()).Challenge;
        await client.SendAsync(new ClientAuthMessage(Make.Auth(key, relay.WebSocket, challenge)));
        Assert.Equal("", (await client.ReceiveAsync<RelayOkMessage>()).Text);
    }
}
