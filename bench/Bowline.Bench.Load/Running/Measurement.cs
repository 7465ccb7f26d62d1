namespace Bowline.Bench.Load.Running;

/// <summary>What one timed round of one side measured. The first reading is the one the figure is about.</summary>
internal sealed record Measurement(IReadOnlyList<Reading> Readings)
{
    public Measurement(params Reading[] readings)
        : this((IReadOnlyList<Reading>)readings)
    {
    }

    public double? Value(string metric)
        => Readings.FirstOrDefault(r => r.Metric.Name == metric)?.Value;
}

/// <summary>One number with its meaning.</summary>
internal sealed record Reading(Metric Metric, double Value);
