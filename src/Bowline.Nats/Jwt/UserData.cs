using System.Text.Json.Serialization;

namespace Bowline.Nats.Jwt;

/// <summary>The NATS part of user claims.</summary>
public sealed record UserData : UserPermissionLimits
{
    /// <summary>The account's identity (A...); set when the token is encoded for a signing key.</summary>
    [JsonPropertyName("issuer_account")]
    public string? IssuerAccount { get; init; }

    /// <summary>Tags, as <c>key:value</c>, that scoped templates can expand.</summary>
    [JsonPropertyName("tags")]
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>Always <c>user</c>; set when the token is encoded.</summary>
    [JsonPropertyName("type")]
    public string? Type { get; init; }

    /// <summary>Always 2; set when the token is encoded.</summary>
    [JsonPropertyName("version")]
    public int? Version { get; init; }

    /// <summary>
    /// True for a user signed by a key with a template: no permission, limit or bearer flag is written, as the server demands.
    /// </summary>
    [JsonIgnore]
    public bool Scoped { get; init; }
}
