using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text;
using Bowline.Nostr;
using Bowline.Relay.Tests.Store;

namespace Bowline.Relay.Tests.Wire;

/// <summary>A real <c>bowline relay</c> is killed while clients publish; every event that was answered <c>OK true</c> is there when it runs again.</summary>
public abstract class RelayDurabilityTests<THarness> : DurabilityTests<THarness>
    where THarness : StoreHarness, new()
{
    // Within what a relay takes at once of a connection, and of an address: each connection comes from an address of its own.
    private const int PerConnection = 400;

    [Fact]
    public async Task What_was_answered_OK_is_there_after_a_kill()
    {
        var (kills, perKill, seed) = ChaosRun.FromEnvironment(events: 2_000);
        var random = new Random(seed);
        var address = await AddressAsync();
        var answered = new List<NostrEvent>();
        for (var kill = 0; kill < kills; kill++)
        {
            var events = Enumerable.Range(kill * perKill, perKill).Select(static number => Make.Note($"canary {number}", tags: new NostrTag("t", $"n{number}"))).ToList();
            var fresh = await PublishUntilKilledAsync(address, events, random.Next(1, perKill));
            answered.AddRange(fresh);
            await using var relay = await StartAsync(address);
            await using var client = await ConnectAsync(relay, 0);
            _ = await client.ReceiveAsync<RelayAuthMessage>();
            foreach (var chunk in answered.Chunk(500))
            {
                var found = await client.AskAsync("ids", new NostrFilter { Ids = [.. chunk.Select(static value => value.Id)] });
                Assert.True(found.Count == chunk.Length, $"seed {seed}, kill {kill}: {chunk.Length - found.Count} of {answered.Count} answered events are lost");
            }

            // The indexes are as whole as the events are.
            var last = fresh[^1];
            Assert.Equal(last.Id, Assert.Single(await client.AskAsync("tag", Make.Tag('t', last.TagValue("t")!))).Id);
            Assert.Equal(last.Id, Assert.Single(await client.AskAsync("words", new NostrFilter { Search = last.Content })).Id);
        }

        TestContext.Current.SendDiagnosticMessage($"relay on {typeof(THarness).Name}: {kills} kills, {answered.Count} events answered OK true, none lost (seed {seed})");
    }

    private static Task<BowlineProcess> StartAsync(string address) => BowlineProcess.RelayAsync("--db", address, "--search", "--trusted-proxy", "127.0.0.1");

    private static Task<TestClient> ConnectAsync(BowlineProcess relay, int number) =>
        TestClient.ConnectAsync(relay.Relay, options => options.SetRequestHeader("X-Forwarded-For", $"192.0.2.{number}"));

    /// <summary>The events that were answered, in the order of the answers.</summary>
    private static async Task<List<NostrEvent>> PublishUntilKilledAsync(string address, List<NostrEvent> events, int killAfter)
    {
        await using var relay = await StartAsync(address);
        var all = events.ToDictionary(static value => value.Id);
        var answers = new ConcurrentQueue<RelayOkMessage>();
        var left = killAfter;
        var publishers = new List<(TestClient Client, NostrEvent[] Events)>();
        foreach (var share in events.Chunk(PerConnection))
        {
            publishers.Add((await ConnectAsync(relay, publishers.Count + 1), share));
        }

        await Task.WhenAll(publishers.Select(publisher => Task.Run(() => Task.WhenAll(SendAsync(publisher.Client, publisher.Events), ReceiveAsync(publisher.Client, Hear)))));
        foreach (var (client, _) in publishers)
        {
            await client.DisposeAsync();
        }

        Assert.Equal(128 + 9, await relay.WaitForExitAsync());
        Assert.All(answers, static answer => Assert.True(answer.Accepted, answer.Text));
        Assert.InRange(answers.Count, killAfter, events.Count);
        return [.. answers.Select(answer => all[answer.EventId])];

        void Hear(RelayOkMessage answer)
        {
            answers.Enqueue(answer);
            if (Interlocked.Decrement(ref left) == 0)
            {
                relay.Kill();
            }
        }
    }

    private static async Task SendAsync(TestClient client, NostrEvent[] events)
    {
        try
        {
            foreach (var value in events)
            {
                await client.PublishAsync(value);
            }
        }
        catch (WebSocketException)
        {
            return; // Killed before everything was sent.
        }
    }

    /// <summary>Until the connection breaks: what was sent before the kill counts, whenever it is read.</summary>
    private static async Task ReceiveAsync(TestClient client, Action<RelayOkMessage> hear)
    {
        try
        {
            while (await client.ReceiveTextAsync() is { } text)
            {
                Assert.True(RelayMessageReader.TryRead(Encoding.UTF8.GetBytes(text), MessageLimits.Default, out var message, out _));
                if (message is RelayOkMessage answer)
                {
                    hear(answer);
                }
            }
        }
        catch (WebSocketException)
        {
            return;
        }
    }
}
