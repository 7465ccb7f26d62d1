using System.Diagnostics;
using Bowline.Bench.Load.Processes;
using Bowline.Bench.Load.Running;
using Bowline.Bench.Load.Scenarios;
using Bowline.Nostr;

namespace Bowline.Bench.Load.Relays;

/// <summary>What no relay can do without: one thread that reads each message, hashes the event and verifies its signature. Its CPU stands where the relays' does.</summary>
internal sealed class VerifyFloor(RelayNotes notes, int connections) : IScenario
{
    private byte[][] _messages = [];

    public string Figure => RelayIngest.Name(connections);

    public string Side => Sides.VerifyFloor;

    public Task PrepareAsync(CancellationToken cancellationToken)
    {
        // Without the frame's head: two bytes of length and the mask.
        _messages = [.. notes.Measured.ToArray().Select(static frame => frame[8..])];
        Verify();
        return Task.CompletedTask;
    }

    public Task<Measurement> RoundAsync(CancellationToken cancellationToken)
    {
        var cpu = new CpuMeter(CpuMeter.Self("server")).Start();
        var clock = Stopwatch.StartNew();
        Verify();
        var seconds = clock.Elapsed.TotalSeconds;
        return Task.FromResult(new Measurement([new Reading(RelayMetrics.EventsPerSecond, _messages.Length / seconds), .. cpu(_messages.Length)]));
    }

    public ValueTask DisposeAsync() => default;

    private void Verify()
    {
        foreach (var message in _messages)
        {
            if (!ClientMessageReader.TryRead(message, MessageLimits.Default, out var read, out _) || read is not ClientEventMessage { Event: var value } || !value.Verify())
            {
                throw new InvalidOperationException("an event of the benchmark is not right");
            }
        }
    }
}
