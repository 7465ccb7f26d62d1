using System.Text.Json.Serialization;

namespace Bowline.Nats.Jwt;

/// <summary>Subjects allowed and denied for one direction. An empty or missing allow list allows all that is not denied.</summary>
public sealed record SubjectPermission
{
    /// <summary>Subjects, wildcards included, that may be used.</summary>
    [JsonPropertyName("allow")]
    public IReadOnlyList<string>? Allow { get; init; }

    /// <summary>Subjects that may not be used; stronger than <see cref="Allow"/>.</summary>
    [JsonPropertyName("deny")]
    public IReadOnlyList<string>? Deny { get; init; }
}
