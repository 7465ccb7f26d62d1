using System.Text.Json.Serialization;

namespace Bowline.Nats.Jwt;

/// <summary>A token about a user, signed by its account or one of the account's signing keys.</summary>
public sealed record UserClaims : NatsClaims
{
    /// <summary>The user's own claims.</summary>
    [JsonPropertyName("nats")]
    public UserData? User { get; init; }
}
