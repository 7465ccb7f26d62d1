namespace Bowline.Bench.Load.Running;

/// <summary>All sides and rounds of one figure.</summary>
internal sealed record FigureResult(string Figure, IReadOnlyList<string> Sides, IReadOnlyList<Sample> Samples, IReadOnlyList<string> Failures)
{
    public Sample? Find(string side, string metric)
        => Samples.FirstOrDefault(s => s.Side == side && s.Metric.Name == metric);

    public TargetResult? Judge(Target target)
    {
        var ours = Find(target.Side, target.Metric);
        var peer = target.Peer is null ? null : Find(target.Peer, target.Metric);
        if (ours is null || (target.Peer is not null && peer is null))
        {
            return null;
        }

        var value = peer is null ? ours.Median : Statistics.PairedRatio(ours.Rounds, peer.Rounds);
        return new TargetResult(target, value, target.Met(value));
    }
}

/// <summary>A target, what was measured, and whether that is enough.</summary>
internal sealed record TargetResult(Target Target, double Value, bool Met);
