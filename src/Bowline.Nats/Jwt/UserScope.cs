using System.Text.Json.Serialization;

namespace Bowline.Nats.Jwt;

/// <summary>The wire form of a signing key with a template.</summary>
internal sealed record UserScope
{
    public const string UserScopeKind = "user_scope";

    [JsonPropertyName("kind")]
    public string? Kind { get; init; }

    [JsonPropertyName("key")]
    public string? Key { get; init; }

    [JsonPropertyName("role")]
    public string? Role { get; init; }

    [JsonPropertyName("template")]
    public UserPermissionLimits? Template { get; init; }
}
