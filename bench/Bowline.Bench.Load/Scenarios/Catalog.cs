using Bowline.Bench.Load.Peers;
using Bowline.Bench.Load.Relays;
using Bowline.Bench.Load.Running;

namespace Bowline.Bench.Load.Scenarios;

/// <summary>Everything that is measured, and what is to be reached.</summary>
internal static class Catalog
{
    private static readonly int[] Concurrencies = [1, 16, 64];
    private static readonly (int Size, int Count)[] PublishSizes = [(16, 6_000_000), (1024, 1_500_000), (65536, 16_000)];
    private const int JetStreamWindow = 256;
    private const int JetStreamSize = 256;
    private const int JetStreamCount = 60_000;

    public static IReadOnlyList<IScenario> Scenarios(Lab lab)
        => [.. Nats(lab), .. Http(lab, new HttpSides(lab)), new IdleNode(lab.Options), new FirstPage(lab.Options), .. RelayScenarios.All(lab), .. PeerScenarios.All(lab)];

    private static IEnumerable<IScenario> Nats(Lab lab)
    {
        foreach (var (size, count) in PublishSizes)
        {
            yield return LibnatsScenario.Publish(lab, size, lab.Options.Scaled(count));
            yield return new BowlinePublish(lab, size, lab.Options.Scaled(count));
        }

        foreach (var concurrency in Concurrencies)
        {
            yield return LibnatsScenario.Request(lab, concurrency);
            yield return BowlineRequest.BesideLibnats(lab, concurrency);
        }

        yield return LibnatsScenario.JetStream(lab, JetStreamSize, lab.Options.Scaled(JetStreamCount), JetStreamWindow);
        yield return new BowlineJetStream(lab, JetStreamSize, lab.Options.Scaled(JetStreamCount), JetStreamWindow);
    }

    private static IEnumerable<IScenario> Http(Lab lab, HttpSides sides)
    {
        var slice = lab.Options.Slice;
        foreach (var concurrency in Concurrencies)
        {
            foreach (var side in sides.All)
            {
                yield return new HttpSmallGet(concurrency, slice, side);
            }

            yield return BowlineRequest.BesideHttp(lab, concurrency);
        }

        foreach (var side in sides.All)
        {
            yield return new HttpDownload(side);
            yield return new HttpUpload(side);
            yield return new HttpGetDuringDownload(slice, side);
        }

        foreach (var side in HttpUnreadResponse.All(lab))
        {
            yield return side;
        }
    }

    public static IReadOnlyList<Target> Targets { get; } =
    [
        .. PublishSizes.Select(p => Rate(Figures.Publish(p.Size), Sides.BowlineNats, Sides.Libnats, 0.8)),
        .. Concurrencies.Select(c => Rate(Figures.Request(c), Sides.BowlineNats, Sides.Libnats, 1.2)),
        Rate(Figures.JetStream(JetStreamWindow), Sides.BowlineNats, Sides.Libnats, 0.8),
        AtMost(HttpSmallGet.Name(1), Metric.P50, Sides.Tunnel, Sides.RawNats, 2.0),
        AtMost(HttpSmallGet.Name(1), Metric.P50, Sides.Tunnel, Sides.Ssh, 1.6),
        Rate(HttpSmallGet.Name(16), Sides.Tunnel, Sides.Ssh, 1.0),
        Rate(HttpSmallGet.Name(64), Sides.Tunnel, Sides.Ssh, 1.0),
        Rate(HttpDownload.Name, Sides.Tunnel, Sides.Ssh, 1.0),
        Rate(HttpUpload.Name, Sides.Tunnel, Sides.Ssh, 1.0),
        AtMost(HttpGetDuringDownload.Name, Metric.LoadedOverIdle, Sides.Tunnel, null, 10),
        AtMost(HttpUnreadResponse.Name, Metric.ClientHeap, Sides.Tunnel, null, 2),
        AtMost(HttpUnreadResponse.Name, Metric.ServerHeap, Sides.Tunnel, null, 2),
        AtMost(IdleNode.Name, IdleNode.Rss, Sides.Node, null, 80),
        AtMost(IdleNode.Name, IdleNode.Cpu, Sides.Node, null, 0.5),
        AtMost(FirstPage.Name, FirstPage.Seconds, Sides.Up, null, 5),
        AtMost(RelayIngest.Name(16), Metric.Cpu("server"), Sides.Relay, null, 110),
        AtMost(RelayIngest.Name(16), Metric.Cpu("server"), Sides.Relay, Sides.VerifyFloor, 3.2),
        new(RelayIngest.Name(16), RelayMetrics.EventsPerSecond.Name, Sides.Relay, null, AtLeast: true, 10_000),
        AtMost(RelayRequest.Name(1), Metric.P99, Sides.Relay, null, 400),
        AtMost(RelayFanOut.Name(500), RelayMetrics.Last, Sides.Relay, null, 15_000),
        AtMost(RelayIdle.Name, RelayMetrics.Memory, Sides.Relay, null, 20),
        .. PeerScenarios.Targets,
    ];

    private static Target Rate(string figure, string side, string peer, double limit)
        => new(figure, Metric.Throughput.Name, side, peer, AtLeast: true, limit);

    private static Target AtMost(string figure, Metric metric, string side, string? peer, double limit)
        => new(figure, metric.Name, side, peer, AtLeast: false, limit);
}
