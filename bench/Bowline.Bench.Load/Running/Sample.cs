namespace Bowline.Bench.Load.Running;

/// <summary>The rounds of one metric of one side.</summary>
internal sealed record Sample(string Side, Metric Metric, IReadOnlyList<double> Rounds)
{
    public double Median => Statistics.Median(Rounds);

    public double Min => Rounds.Min();

    public double Max => Rounds.Max();
}
