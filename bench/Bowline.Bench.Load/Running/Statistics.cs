namespace Bowline.Bench.Load.Running;

internal static class Statistics
{
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        if (sorted.Length == 0)
        {
            return double.NaN;
        }

        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /// <summary>The value below which <paramref name="share"/> of the sorted values lie.</summary>
    public static double Percentile(ReadOnlySpan<double> sorted, double share)
        => sorted.IsEmpty ? double.NaN : sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * share))];

    /// <summary>Median of ours / theirs, each pair taken in the same round, so that drift of the machine cancels out.</summary>
    public static double PairedRatio(IReadOnlyList<double> ours, IReadOnlyList<double> theirs)
        => Median(ours.Zip(theirs, (a, b) => a / b));
}
