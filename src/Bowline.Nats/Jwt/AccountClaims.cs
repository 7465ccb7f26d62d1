using System.Text.Json.Serialization;

namespace Bowline.Nats.Jwt;

/// <summary>A token about an account, signed by an operator: its limits, signing keys and revoked users.</summary>
public sealed record AccountClaims : NatsClaims
{
    /// <summary>The account's own claims.</summary>
    [JsonPropertyName("nats")]
    public AccountData? Account { get; init; }
}
