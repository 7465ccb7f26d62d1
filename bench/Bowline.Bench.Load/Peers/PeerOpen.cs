using Bowline.Bench.Load.Running;

namespace Bowline.Bench.Load.Peers;

/// <summary>From the offer to a channel that is open on both sides, between two processes that have done it before.</summary>
internal sealed class PeerOpen(PeerSide side) : PeerPairScenario(side, Name)
{
    public const string Name = "peers offer to open";
    public static readonly Metric Time = new("p50", "ms", HigherIsBetter: false);
    public static readonly Metric Longest = new("slowest", "ms", HigherIsBetter: false);

    private const int Count = 10;

    public override async Task<Measurement> RoundAsync(CancellationToken cancellationToken)
    {
        var cpu = Meter.Start();
        var times = new double[Count];
        for (var i = 0; i < Count; i++)
        {
            await Offerer.AskAsync("close", "closed", cancellationToken);
            await Answerer.AskAsync("close", "closed", cancellationToken);
            times[i] = await PeerEnd.ConnectAsync(Offerer, Answerer, cancellationToken);
        }

        Array.Sort(times);
        return new Measurement([new Reading(Time, Statistics.Median(times)), new Reading(Longest, times[^1]), .. cpu(Count)]);
    }
}
