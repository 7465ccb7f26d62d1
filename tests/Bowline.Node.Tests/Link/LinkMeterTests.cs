using System.Diagnostics.Metrics;
using Bowline.Node.Link;

namespace Bowline.Node.Tests.Link;

/// <summary>What the link's events become as measurements. The meter is the process's own, so other tests may add to it meanwhile: only what is certain is asked.</summary>
public sealed class LinkMeterTests : IDisposable
{
    private readonly Lock _gate = new();
    private readonly List<(string Name, double Value, string? Reason)> _seen = [];
    private readonly MeterListener _listener;
    private readonly LinkMeter _meter = new();

    public LinkMeterTests()
    {
        _listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == Telemetry.Name)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
    }

    public void Dispose() => _listener.Dispose();

    [Theory]
    [InlineData("lost", "disconnected")]
    [InlineData("probe", "silent")]
    [InlineData("rejected", "credentials_refused")]
    public void A_loss_is_counted_once_by_its_reason_and_its_outage_measured(string how, string reason)
    {
        LinkEvent loss = how switch
        {
            "lost" => new LinkEvent.Lost(1, "gone"),
            "probe" => new LinkEvent.ProbeFailed(1, 1),
            _ => new LinkEvent.Rejected(1, "no"),
        };
        _meter.Observe(loss, LinkPhase.Online, LinkPhase.Reconnecting, Seconds(10));
        _meter.Observe(new LinkEvent.DialFailed(2, NodeError.NatsUnreachable, "no"), LinkPhase.Reconnecting, LinkPhase.Reconnecting, Seconds(11));
        _meter.Observe(new LinkEvent.Dialed(3), LinkPhase.Reconnecting, LinkPhase.Online, Seconds(12.125));
        Assert.Contains(("bowline.node.link.losses", 1, reason), Seen);
        Assert.Contains(("bowline.node.link.outage.duration", 2.125, reason), Seen);
    }

    [Fact]
    public void A_resume_is_measured_to_the_proof_and_a_renewal_is_neither_loss_nor_outage()
    {
        _meter.Observe(new LinkEvent.Resumed(), LinkPhase.Online, LinkPhase.Online, Seconds(100));
        _meter.Observe(new LinkEvent.ProbeAnswered(1, 1), LinkPhase.Online, LinkPhase.Online, Seconds(100.375));
        Assert.Contains(("bowline.node.link.resume.duration", 0.375, null), Seen);
        _meter.Observe(new LinkEvent.Dialed(2), LinkPhase.Online, LinkPhase.Online, Seconds(700));
        Assert.Contains(("bowline.node.link.renewals", 1, null), Seen);
        Assert.DoesNotContain(Seen, seen => seen is { Name: "bowline.node.link.resume.duration", Value: > 500 });
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    private List<(string Name, double Value, string? Reason)> Seen
    {
        get
        {
            lock (_gate)
            {
                return [.. _seen];
            }
        }
    }

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string? reason = null;
        foreach (var (name, tag) in tags)
        {
            reason = name == "reason" ? (string?)tag : reason;
        }

        lock (_gate)
        {
            _seen.Add((instrument.Name, value, reason));
        }
    }
}
