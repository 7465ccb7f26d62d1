namespace Bowline.Relay;

/// <summary>So many a second on average, and so many at once.</summary>
/// <param name="PerSecond">More than 0, at most 1,000,000.</param>
/// <param name="Burst">1 to 10,000,000.</param>
public readonly record struct RelayRate(double PerSecond, int Burst)
{
    /// <summary>For people.</summary>
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{PerSecond}/s, {Burst} at once");
}
