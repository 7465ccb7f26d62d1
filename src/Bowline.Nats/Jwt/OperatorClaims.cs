using System.Text.Json.Serialization;

namespace Bowline.Nats.Jwt;

/// <summary>A token about an operator, signed by itself: which keys may sign accounts.</summary>
public sealed record OperatorClaims : NatsClaims
{
    /// <summary>The operator's own claims.</summary>
    [JsonPropertyName("nats")]
    public OperatorData? Operator { get; init; }
}
