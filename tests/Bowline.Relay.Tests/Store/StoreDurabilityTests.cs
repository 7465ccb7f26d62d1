using System.Globalization;
using Bowline.Nostr;
using Bowline.Testing.Processes;

namespace Bowline.Relay.Tests.Store;

/// <summary>A process that adds events is killed at random moments; whatever it printed as stored is there afterwards.</summary>
public abstract class StoreDurabilityTests<THarness> : DurabilityTests<THarness>
    where THarness : StoreHarness, new()
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    protected abstract string Kind { get; }

    [Fact]
    public async Task What_was_answered_stored_is_there_after_a_kill()
    {
        var (kills, perKill, seed) = ChaosRun.FromEnvironment(events: 4_000);
        var random = new Random(seed);
        var address = await AddressAsync();
        var stored = new List<int>();
        for (var kill = 0; kill < kills; kill++)
        {
            var answered = await RunAndKillAsync(address, kill * perKill, perKill, random.Next(1, perKill));
            Assert.InRange(answered.Count, 1, perKill);
            stored.AddRange(answered);
            await using var store = await Harness.OpenAsync();
            foreach (var chunk in stored.Chunk(500))
            {
                var found = await store.FindAsync(new NostrFilter { Ids = [.. chunk.Select(number => StoreCanary.Event(number).Id)] });
                Assert.True(found.Count == chunk.Length, $"seed {seed}, kill {kill}: {chunk.Length - found.Count} of {stored.Count} answered events are lost");
            }

            // The indexes are as whole as the events are.
            var last = answered[^1];
            Assert.Equal([StoreCanary.Event(last).Id], await store.FindAsync(new NostrFilter { Tags = TestEvents.Tag('t', $"n{last}") }));
            Assert.Equal([StoreCanary.Event(last).Id], await store.FindAsync(new NostrFilter { Search = $"canary {last}" }));
        }

        TestContext.Current.SendDiagnosticMessage($"{Kind}: {kills} kills, {stored.Count} answered events, none lost (seed {seed})");
    }

    private async Task<List<int>> RunAndKillAsync(string address, int first, int count, int killAfter)
    {
        await using var child = TestProcess.Start(Environment.ProcessPath!, ["--store-canary", Kind, address, $"{first}", $"{count}"]);
        var printed = 0;
        _ = await child.WaitForLineAsync(_ => ++printed >= killAfter, Patience);
        if (!child.HasExited)
        {
            child.Signal(Signals.Kill);
        }

        _ = await child.WaitForExitAsync(Patience);
        return [.. child.Data.Split('\n')
            .Where(line => line.StartsWith("stored ", StringComparison.Ordinal) && line.EndsWith(';'))
            .Select(line => int.Parse(line.AsSpan("stored ".Length, line.Length - "stored ;".Length), CultureInfo.InvariantCulture))];
    }
}
