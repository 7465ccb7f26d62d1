using System.Security.Cryptography;
using Bowline.Nats;

namespace Bowline.Tunnel;

/// <summary>Opens exchanges over core NATS, under a random client id. The connection stays the caller's.</summary>
public sealed class NatsClientCarrier(NatsConnection connection) : NatsServerCarrier(connection), ITunnelClientCarrier
{
    /// <inheritdoc/>
    public string ClientId { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
}
