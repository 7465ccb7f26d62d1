using Bowline.Bench.Load.Running;
using Bowline.Bench.Load.Scenarios;
using Bowline.Testing.Namespaces;

namespace Bowline.Bench.Load.Peers;

/// <summary>The figures of data channels.</summary>
internal static class PeerScenarios
{
    private static readonly Impairment BadLink = new() { Delay = TimeSpan.FromMilliseconds(25), Loss = 0.01 };

    public static IEnumerable<IScenario> All(Lab lab)
    {
        var options = lab.Options;
        foreach (var side in PeerSide.All)
        {
            yield return new PeerThroughput(side, PeerThroughput.Name, options.Scaled(200));
            yield return new PeerRoundTrip(side, options.Scaled(6000));
            yield return new PeerOpen(side);
            yield return new PeerThroughput(side, PeerThroughput.ImpairedName, options.Scaled(4), BadLink);
            yield return new PeerLoad(side, options);
        }
    }

    public static IEnumerable<Target> Targets { get; } =
    [
        new(PeerThroughput.Name, Metric.Throughput.Name, Sides.WebRtc, Sides.NodeDataChannel, AtLeast: true, 1.2),
        new(PeerRoundTrip.Name, Metric.P50.Name, Sides.WebRtc, Sides.NodeDataChannel, AtLeast: false, 0.6),
        new(PeerOpen.Name, PeerOpen.Time.Name, Sides.WebRtc, null, AtLeast: false, 100),
        new(PeerThroughput.ImpairedName, Metric.Throughput.Name, Sides.WebRtc, Sides.NodeDataChannel, AtLeast: true, 0.8),
        new(PeerLoad.Name, PeerLoad.Idle.Name, Sides.WebRtc, null, AtLeast: false, 300),
        new(PeerLoad.Name, PeerLoad.AfterBulk.Name, Sides.WebRtc, null, AtLeast: false, 300),
        new(PeerLoad.Name, PeerLoad.Cpu.Name, Sides.WebRtc, null, AtLeast: false, 2),
        new(PeerLoad.Name, PeerLoad.CpuAfterBulk.Name, Sides.WebRtc, null, AtLeast: false, 2),
    ];
}
