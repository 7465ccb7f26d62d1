using System.Text.Json.Serialization;

namespace Bowline.Nats.Jwt;

/// <summary>What a user may do. A null limit means unlimited (-1 on the wire).</summary>
public record UserPermissionLimits
{
    /// <summary>Subjects it may publish on; null for all.</summary>
    [JsonPropertyName("pub")]
    public SubjectPermission? Publish { get; init; }

    /// <summary>Subjects it may subscribe to; null for all.</summary>
    [JsonPropertyName("sub")]
    public SubjectPermission? Subscribe { get; init; }

    /// <summary>Leave to answer on foreign reply subjects; null for none.</summary>
    [JsonPropertyName("resp")]
    public ResponsePermission? Responses { get; init; }

    /// <summary>Most subscriptions of one connection.</summary>
    [JsonPropertyName("subs")]
    public long? Subscriptions { get; init; }

    /// <summary>Most bytes in flight.</summary>
    [JsonPropertyName("data")]
    public long? Data { get; init; }

    /// <summary>Most bytes in one message.</summary>
    [JsonPropertyName("payload")]
    public long? Payload { get; init; }

    /// <summary>True when the token alone lets its bearer in, without a signature by the user's key.</summary>
    [JsonPropertyName("bearer_token")]
    public bool? BearerToken { get; init; }

    /// <summary>Kinds of connection it may use (see <see cref="NatsConnectionType"/>); null for all.</summary>
    [JsonPropertyName("allowed_connection_types")]
    public IReadOnlyList<string>? AllowedConnectionTypes { get; init; }

    internal UserPermissionLimits Filled() => this with
    {
        Subscriptions = Subscriptions ?? -1,
        Data = Data ?? -1,
        Payload = Payload ?? -1,
    };
}
