using System.Diagnostics.Metrics;
using Bowline.WebRtc.Tests.Peers;

namespace Bowline.WebRtc.Tests.Telemetry;

/// <summary>What a listener of the meter sees of a pair of connections, to the byte.</summary>
[Collection(nameof(MeterAlone))]
public sealed class MeterTests : IDisposable
{
    private const string Prefix = "bowline.webrtc.";

    private readonly MeterListener _listener = new();
    private readonly Dictionary<string, long> _observed = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _added = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    public MeterTests()
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == "Bowline.WebRtc")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.Start();
    }

    [Fact]
    public async Task Connections_channels_messages_and_endings_are_counted_exactly_and_stay_when_the_connections_are_gone()
    {
        await using (PeerConnection.Create(PeerPair.Loopback))
        {
            // The meter exists from the first connection on.
        }

        var before = Observe();
        _added.Clear();
        var (pair, left, right) = await PeerPair.ConnectAsync();
        await left.SendTextAsync("grüße");
        await left.SendAsync(ReadOnlyMemory<byte>.Empty);
        await right.SendAsync(new byte[200_000]);
        await TakeAsync(right, 2);
        await TakeAsync(left, 1);

        var during = Observe();
        Assert.Equal(2, during["connections"] - before["connections"]);
        Assert.Equal(2, during["channels"] - before["channels"]);
        AssertTraffic(during);

        ((IDatagramReceiver)pair.Offerer).Receive(null!, [0xFF]);
        pair.Offerer.RestartIce();
        await pair.NegotiateAsync();
        await pair.DisposeAsync();

        var after = Observe();
        Assert.Equal(before["connections"], after["connections"]);
        Assert.Equal(before["channels"], after["channels"]);
        AssertTraffic(after);
        Assert.InRange(after["refused datagram"] - before["refused datagram"], 1, 1000);
        Assert.True(after["retransmits"] >= before["retransmits"]);
        Assert.Equal(2, _added["ice.restarts"]);
        // The second is often told by the first before it is closed itself, but need not be.
        var closed = _added["connections.ended closed"];
        Assert.InRange(closed, 1, 2);
        Assert.Equal(2, closed + _added.GetValueOrDefault("connections.ended closed_by_peer"));

        void AssertTraffic(Dictionary<string, long> now)
        {
            foreach (var way in (string[])["sent", "received"])
            {
                Assert.Equal(3, now[$"messages.{way}"] - before[$"messages.{way}"]);
                Assert.Equal(200_000 + "grüße"u8.Length, now[$"bytes.{way}"] - before[$"bytes.{way}"]);
            }
        }
    }

    [Fact]
    public async Task A_message_that_waited_for_room_is_counted_once_when_it_is_sent()
    {
        var (pair, left, right) = await PeerPair.ConnectAsync();
        await using var _ = pair;
        var before = Observe();
        var reading = TakeAsync(right, 40);
        for (var i = 0; i < 40; i++)
        {
            await left.SendAsync(new byte[262_144]); // Ten times the send buffer: most of them wait.
        }

        await reading;
        var after = Observe();
        Assert.Equal(40, after["messages.sent"] - before["messages.sent"]);
        Assert.Equal(40 * 262_144, after["bytes.sent"] - before["bytes.sent"]);
        Assert.Equal(40, after["messages.received"] - before["messages.received"]);
    }

    public void Dispose() => _listener.Dispose();

    private static async Task TakeAsync(IDataChannel channel, int count)
    {
        await using var messages = channel.ReadAllAsync().GetAsyncEnumerator();
        for (var i = 0; i < count; i++)
        {
            using var message = await EchoTests.NextAsync(messages);
        }
    }

    private Dictionary<string, long> Observe()
    {
        lock (_gate)
        {
            _observed.Clear();
        }

        _listener.RecordObservableInstruments();
        lock (_gate)
        {
            return new(_observed, StringComparer.Ordinal);
        }
    }

    private void Take(Instrument instrument, long value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var name = instrument.Name[Prefix.Length..] + (tags.IsEmpty ? "" : $" {tags[0].Value}");
        lock (_gate)
        {
            if (instrument.IsObservable)
            {
                _observed[name] = value;
            }
            else
            {
                _added[name] = _added.GetValueOrDefault(name) + value;
            }
        }
    }
}
