using System.Text.Json.Serialization;

namespace Bowline.Nats.Jwt;

/// <summary>The NATS part of operator claims.</summary>
public sealed record OperatorData
{
    /// <summary>Further operator keys (O...) that may sign accounts.</summary>
    [JsonPropertyName("signing_keys")]
    public IReadOnlyList<string>? SigningKeys { get; init; }

    /// <summary>The account (A...) of the server's own events and requests.</summary>
    [JsonPropertyName("system_account")]
    public string? SystemAccount { get; init; }

    /// <summary>Always <c>operator</c>; set when the token is encoded.</summary>
    [JsonPropertyName("type")]
    public string? Type { get; init; }

    /// <summary>Always 2; set when the token is encoded.</summary>
    [JsonPropertyName("version")]
    public int? Version { get; init; }
}
