using System.Text.Json.Serialization;

namespace Bowline.Nats.Jwt;

/// <summary>What every NATS token says, whoever it is about. Times travel as whole unix seconds.</summary>
public abstract record NatsClaims
{
    /// <summary>The token's id: a hash of its other claims, set when it is encoded.</summary>
    [JsonPropertyName("jti")]
    public string? Id { get; init; }

    /// <summary>When the token was made; set when it is encoded.</summary>
    [JsonPropertyName("iat")]
    [JsonConverter(typeof(UnixSecondsConverter))]
    public DateTimeOffset? IssuedAt { get; init; }

    /// <summary>The public key that signed the token; set when it is encoded.</summary>
    [JsonPropertyName("iss")]
    public string? Issuer { get; init; }

    /// <summary>A name for people. The server also expands it in scoped templates: mint only [A-Za-z0-9_-] from input you do not own.</summary>
    [JsonPropertyName("name")]
    public string? Name { get; init; }

    /// <summary>The public key the token is about.</summary>
    [JsonPropertyName("sub")]
    public required string Subject { get; init; }

    /// <summary>When the token stops being valid; null for never.</summary>
    [JsonPropertyName("exp")]
    [JsonConverter(typeof(UnixSecondsConverter))]
    public DateTimeOffset? Expires { get; init; }

    /// <summary>When the token starts being valid; null for at once.</summary>
    [JsonPropertyName("nbf")]
    [JsonConverter(typeof(UnixSecondsConverter))]
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>True when the token is neither expired nor not yet valid at <paramref name="now"/>.</summary>
    public bool IsValidAt(DateTimeOffset now) => (Expires is not { } end || now < end) && (NotBefore is not { } start || now >= start);
}
