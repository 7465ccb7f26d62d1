using System.Net;

namespace Bowline.WebRtc;

/// <summary>What one generation of ICE is made with: everything is resolved already.</summary>
internal sealed record IcePathOptions
{
    internal required bool IsControlling { get; init; }

    internal required IReadOnlyList<IPAddress> Addresses { get; init; }

    internal IPEndPoint? Stun { get; init; }

    internal IReadOnlyList<(IPEndPoint EndPoint, IceServer Server)> Relays { get; init; } = [];

    internal bool IsRelayOnly { get; init; }

    internal (int Lowest, int Highest)? Ports { get; init; }
}
