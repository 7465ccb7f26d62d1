namespace Bowline.Testing.Namespaces;

/// <summary>What a link does to the packets of each direction.</summary>
public sealed record Impairment
{
    /// <summary>How long a packet is under way. <value>None.</value></summary>
    public TimeSpan Delay { get; init; }

    /// <summary>By how much more at most, drawn for each packet: packets overtake one another. <value>None.</value></summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>The part of the packets that is lost, 0 to 1.</summary>
    public double Loss { get; init; }

    /// <summary>The part of the packets that arrives twice, 0 to 1.</summary>
    public double Duplication { get; init; }

    /// <summary>Where the draws begin: the same seed loses the same packets.</summary>
    public int Seed { get; init; } = 1;
}
