using System.Text.Json.Serialization;

namespace Bowline.Nats.Jwt;

/// <summary>The NATS part of account claims.</summary>
public sealed record AccountData
{
    /// <summary>What the account may use; null for no limits and no JetStream.</summary>
    [JsonPropertyName("limits")]
    public AccountLimits? Limits { get; init; }

    /// <summary>Further account keys that may sign users, plain or with a scope.</summary>
    [JsonPropertyName("signing_keys")]
    public IReadOnlyList<AccountSigningKey>? SigningKeys { get; init; }

    /// <summary>User key, or <c>*</c>, to the unix second up to which its tokens are refused.</summary>
    [JsonPropertyName("revocations")]
    public IReadOnlyDictionary<string, long>? Revocations { get; init; }

    /// <summary>Always <c>account</c>; set when the token is encoded.</summary>
    [JsonPropertyName("type")]
    public string? Type { get; init; }

    /// <summary>Always 2; set when the token is encoded.</summary>
    [JsonPropertyName("version")]
    public int? Version { get; init; }
}
