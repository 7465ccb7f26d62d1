using System.Collections.Concurrent;
using System.Net;
using Bowline.Nostr;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Bowline.Relay.Tests.Wire;

/// <summary>Many clients at once, the real store, and the other ways in.</summary>
public sealed class TogetherTests
{
    private static readonly RelayLimits NoRates = new() { EventsPerAddress = null, EventsPerConnection = null, RequestsPerAddress = null, RequestsPerConnection = null };

    [Fact]
    public async Task Whoever_subscribes_while_others_publish_gets_every_event_once()
    {
        const int Writers = 4;
        const int Each = 150;
        var store = new MemoryStore { BeforeCommit = Yield, AfterCommit = static _ => Yield(), AfterQuery = Yield };
        await using var relay = await TestRelay.StartAsync(store, static options => options.Limits = NoRates);
        var published = new ConcurrentBag<EventId>();
        var writing = Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            await using var client = await relay.ConnectAsync();
            for (var i = 0; i < Each; i++)
            {
                var value = Make.Note($"{writer} {i}");
                Assert.True((await client.AskAsync(value)).Accepted);
                published.Add(value.Id);
            }
        })));
        var reading = Enumerable.Range(0, 12).Select(reader => Task.Run(async () =>
        {
            await Eventually.Async(() => published.Count >= reader * 40);
            await using var client = await relay.ConnectAsync();
            await client.RequestAsync("s", Make.Kind(1));
            var seen = new HashSet<EventId>();
            while (seen.Count < Writers * Each)
            {
                var text = await client.ReceiveTextAsync();
                Assert.True(RelayMessageReader.TryRead(System.Text.Encoding.UTF8.GetBytes(text!), MessageLimits.Default, out var message, out _));
                if (message is RelayEventMessage { Event: var value })
                {
                    Assert.True(seen.Add(value.Id), "an event came twice");
                }
            }

            // Nothing is left over that would come a second time.
            Assert.Equal(Writers * Each, (await RelayTests.CountAsync(client, Make.Kind(1))).Count);
        })).ToList();
        await writing;
        await Task.WhenAll(reading);
    }

    [Fact]
    public async Task On_SQLite_what_was_answered_is_there_after_a_restart()
    {
        var folder = Directory.CreateTempSubdirectory("bowline-relay-");
        try
        {
            var events = Enumerable.Range(0, 200).Select(static i => Make.Note($"{i}", at: DateTimeOffset.UtcNow.AddSeconds(-i))).ToList();
            var wrap = Make.Wrap(Make.Bob);
            await using (var store = SqliteEventStore.Open(new() { Path = Path.Combine(folder.FullName, "relay.db") }))
            await using (var relay = await TestRelay.StartAsync(store, static options => options.Limits = NoRates))
            await using (var client = await relay.ConnectAsync())
            {
                foreach (var value in events.Append(wrap))
                {
                    await client.PublishAsync(value); // All under way at once: committed together.
                }

                for (var i = 0; i <= events.Count; i++)
                {
                    Assert.True((await client.ReceiveAsync<RelayOkMessage>()).Accepted);
                }
            }

            await using (var store = SqliteEventStore.Open(new() { Path = Path.Combine(folder.FullName, "relay.db") }))
            await using (var relay = await TestRelay.StartAsync(store))
            await using (var client = await relay.ConnectAsync())
            {
                Assert.Equal(events.Take(50).Select(static value => value.Id), (await client.AskAsync("s", Make.By(Make.Alice, limit: 50))).Select(static value => value.Id));
                Assert.Equal(200, (await RelayTests.CountAsync(client, new NostrFilter())).Count); // The gift wrap is not for a stranger.
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Over_HTTP_2_it_is_the_same_relay()
    {
        await using var relay = await TestRelay.StartAsync(protocols: HttpProtocols.Http2);
        using var invoker = new HttpMessageInvoker(new SocketsHttpHandler());
        await using var client = await TestClient.ConnectAsync(
            relay.WebSocket,
            static options =>
            {
                options.HttpVersion = HttpVersion.Version20;
                options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
            },
            invoker);
        var value = Make.Note();
        Assert.True((await client.AskAsync(value)).Accepted);
        Assert.Equal(value.Id, Assert.Single(await client.AskAsync("s", Make.Kind(1))).Id);
    }

    private static async Task Yield() => await Task.Yield();
}
