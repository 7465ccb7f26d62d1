using Bowline.Nostr;

namespace Bowline.Relay.Tests.Presence;

public sealed class PresenceTests
{
    private static readonly NostrTag Mark = new("bowline", "presence");

    [Fact]
    public void Only_a_newer_event_takes_a_presence_over()
    {
        var book = new PresenceBook();
        object first = new();
        object second = new();
        var older = Present(100);
        Assert.True(PresenceKey.TryOf(older, out var key));
        Assert.True(book.TryClaim(key, older, first));
        Assert.False(book.TryClaim(key, older, second)); // Anybody may repeat what was heard.
        Assert.False(book.TryClaim(key, Present(99), second));
        Assert.True(book.TryClaim(key, Present(101), second));
        Assert.Empty(book.Release([key], first));
        var hint = Assert.Single(book.Release([key], second));
        Assert.Equal(Make.Ephemeral, hint.Kind);
        Assert.Empty(book.Release([key], second));
    }

    [Fact]
    public void A_presence_is_ephemeral_and_marked()
    {
        Assert.False(PresenceKey.TryOf(Make.With(Mark), out _));
        Assert.False(PresenceKey.TryOf(Make.Note(kind: Make.Ephemeral), out _));
        Assert.False(PresenceKey.TryOf(Make.Note(kind: Make.Ephemeral, tags: new NostrTag("bowline", "gone")), out _));
        Assert.True(PresenceKey.TryOf(Make.Note(kind: Make.Ephemeral, tags: Mark), out var one));
        Assert.True(PresenceKey.TryOf(Make.Note(kind: Make.Ephemeral, tags: [Mark, new("r", "a")]), out var two));
        Assert.NotEqual(one, two);
    }

    [Fact]
    public async Task Subscribers_get_a_signed_hint_when_the_owner_is_gone()
    {
        await using var relay = await TestRelay.StartAsync();
        await using var watcher = await relay.ConnectAsync();
        Assert.Empty(await watcher.AskAsync("w", Make.Tag('r', "room") with { Kinds = [Make.Ephemeral] }));
        var present = Make.Note(kind: Make.Ephemeral, tags: [new("r", "room"), Mark]);
        await using (var owner = await relay.ConnectAsync())
        {
            Assert.True((await owner.AskAsync(present)).Accepted);
            Assert.Equal(present.Id, (await watcher.ReceiveAsync<RelayEventMessage>()).Event.Id);
        }

        var hint = (await watcher.ReceiveAsync<RelayEventMessage>()).Event;
        Assert.True(hint.Verify());
        Assert.Equal(relay.Server.PublicKey, hint.PublicKey);
        Assert.Equal(present.Kind, hint.Kind);
        Assert.Equal("room", hint.TagValue("r"));
        Assert.Equal(["bowline", "gone", Make.Alice.PublicKey.ToString(), present.Id.ToString()], hint.Tags.Single(static tag => tag.Name == "bowline").Values);
    }

    [Fact]
    public async Task A_presence_that_moved_to_another_connection_is_not_gone()
    {
        await using var relay = await TestRelay.StartAsync();
        await using var watcher = await relay.ConnectAsync();
        Assert.Empty(await watcher.AskAsync("w", Make.Kind(Make.Ephemeral)));
        var old = await relay.ConnectAsync();
        await using var current = await relay.ConnectAsync();
        var first = Present(1_700_000_000);
        var second = Present(1_700_000_001);
        Assert.True((await old.AskAsync(first)).Accepted);
        Assert.True((await current.AskAsync(second)).Accepted);
        await old.DisposeAsync();
        await Eventually.Async(() => relay.Server.Connections == 2);
        var last = Make.Note(kind: Make.Ephemeral);
        Assert.True((await current.AskAsync(last)).Accepted);
        foreach (var expected in new[] { first, second, last })
        {
            Assert.Equal(expected.Id, (await watcher.ReceiveAsync<RelayEventMessage>()).Event.Id);
        }
    }

    [Fact]
    public void The_key_file_is_made_once_and_for_its_owner_only()
    {
        var folder = Directory.CreateTempSubdirectory("bowline-relay-");
        try
        {
            var file = Path.Combine(folder.FullName, "relay.key");
            using var made = RelayKeyFile.LoadOrCreate(file);
            using var read = RelayKeyFile.LoadOrCreate(file);
            Assert.Equal(made.PublicKey, read.PublicKey);
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.OtherRead);
            _ = Assert.Throws<InvalidDataException>(() => RelayKeyFile.LoadOrCreate(file));
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            File.WriteAllText(file, new string('0', 64));
            Assert.Contains("holds no key", Assert.Throws<InvalidDataException>(() => RelayKeyFile.LoadOrCreate(file)).Message);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static NostrEvent Present(long at) => Make.Alice.Sign(Make.Ephemeral, "", [Mark], at);
}
