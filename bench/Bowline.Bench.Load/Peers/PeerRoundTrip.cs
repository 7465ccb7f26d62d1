using System.Globalization;
using Bowline.Bench.Load.Running;

namespace Bowline.Bench.Load.Peers;

/// <summary>64 bytes there and back, one after the other.</summary>
internal sealed class PeerRoundTrip(PeerSide side, int count) : PeerPairScenario(side, Name)
{
    public const string Name = "peers round trip of 64 B";

    public override async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await base.PrepareAsync(cancellationToken);
        await Answerer.AskAsync("echo", "echoing", cancellationToken);
        await RoundAsync(cancellationToken);
    }

    public override async Task<Measurement> RoundAsync(CancellationToken cancellationToken)
    {
        var cpu = Meter.Start();
        await Offerer.SayAsync($"ping {count} 64");
        var times = (await Offerer.WaitAsync("times", cancellationToken)).Split(' ').Select(static text => double.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        return new Measurement([new Reading(Metric.P50, times[0]), new Reading(Metric.P99, times[1]), .. cpu(count)]);
    }
}
