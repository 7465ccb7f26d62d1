namespace Bowline.Bench.Load.Running;

/// <summary>
/// A figure to reach: <paramref name="Metric"/> of <paramref name="Side"/>, divided pair by pair by the peer's when one is
/// named, is at least (or at most) <paramref name="Limit"/>.
/// </summary>
internal sealed record Target(string Figure, string Metric, string Side, string? Peer, bool AtLeast, double Limit)
{
    public bool Met(double value) => AtLeast ? value >= Limit : value <= Limit;

    public string Text => $"{(AtLeast ? ">=" : "<=")} {Limit:0.0#}{(Peer is null ? "" : $"x {Peer}")}";
}
