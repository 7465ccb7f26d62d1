using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Bowline.Nostr;

namespace Bowline.Relay.Tests.Hosting;

/// <summary>The meter counts for all relays of a process, so this runs alone.</summary>
[Collection("Metrics")]
public sealed class MetricsTests : IDisposable
{
    private readonly ConcurrentDictionary<string, double> _sums = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly MeterListener _listener = new();

    public MetricsTests()
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == "Bowline.Relay")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
    }

    public void Dispose() => _listener.Dispose();

    [Fact]
    public async Task What_a_relay_does_is_counted_with_its_outcome()
    {
        await using (var relay = await TestRelay.StartAsync(configure: static options => options.Limits = new() { Strikes = 2 }))
        {
            await using var reader = await relay.ConnectAsync();
            Assert.Empty(await reader.AskAsync("s", Make.Kind(1, Make.Ephemeral)));
            await using (var writer = await relay.ConnectAsync())
            {
                var note = Make.Note();
                Assert.True((await writer.AskAsync(note)).Accepted);
                Assert.True((await writer.AskAsync(note)).Accepted);
                Assert.True((await writer.AskAsync(Make.Note(kind: Make.Ephemeral))).Accepted);
                Assert.False((await writer.AskAsync(Make.Note(at: DateTimeOffset.UtcNow.AddDays(1)))).Accepted);
                _ = await reader.ReceiveAsync<RelayEventMessage>();
                _ = await reader.ReceiveAsync<RelayEventMessage>();
                Assert.Equal((2, 1), (Sum("bowline.relay.connections"), Sum("bowline.relay.subscriptions")));
                await writer.SendAsync("no message");
                await writer.SendAsync("nor this");
                Assert.StartsWith("""["NOTICE","blocked: """, await writer.ReadToCloseAsync(), StringComparison.Ordinal);
            }
        }

        Assert.Equal((0, 0), (Sum("bowline.relay.connections"), Sum("bowline.relay.subscriptions")));
        Assert.Equal(1, Sum("bowline.relay.events outcome=stored"));
        Assert.Equal(1, Sum("bowline.relay.events outcome=duplicate"));
        Assert.Equal(1, Sum("bowline.relay.events outcome=ephemeral"));
        Assert.Equal(1, Sum("bowline.relay.events outcome=invalid"));
        Assert.Equal(2, Sum("bowline.relay.deliveries"));
        Assert.Equal(2, Sum("bowline.relay.messages.malformed"));
        Assert.Equal(1, Sum("bowline.relay.disconnects reason=too many malformed messages"));
        Assert.Equal(2, _counts["bowline.relay.commit.duration"]);
        Assert.Equal(1, _counts["bowline.relay.query.duration"]);
        Assert.InRange(Sum("bowline.relay.commit.duration"), 0.000_000_1, 60);
    }

    private double Sum(string name) => _sums.GetValueOrDefault(name);

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var name = tags.Length == 0 ? instrument.Name : $"{instrument.Name} {tags[0].Key}={tags[0].Value}";
        _ = _sums.AddOrUpdate(name, value, (_, sum) => sum + value);
        _ = _counts.AddOrUpdate(name, 1, static (_, count) => count + 1);
    }
}
