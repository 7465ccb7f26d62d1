namespace Bowline.Tunnel;

/// <summary>A carrier that may open exchanges, under one client id of its own.</summary>
public interface ITunnelClientCarrier : ITunnelCarrier
{
    /// <summary>Unique per carrier object: one subject token.</summary>
    public string ClientId { get; }
}
