namespace Bowline.Testing.Namespaces;

/// <summary>Draws what becomes of each packet.</summary>
public sealed class PacketSchedule(Impairment impairment, int seed)
{
    private readonly Random _draws = new(seed);

    /// <summary>The delays of the copies of the next packet that arrive; none when it is lost.</summary>
    public TimeSpan[] Next()
    {
        if (_draws.NextDouble() < impairment.Loss)
        {
            return [];
        }

        return _draws.NextDouble() < impairment.Duplication ? [Delay(), Delay()] : [Delay()];
    }

    private TimeSpan Delay() => impairment.Delay + impairment.Jitter * _draws.NextDouble();
}
