using System.Text.Json.Serialization;

namespace Bowline.Nats.Jwt;

/// <summary>Lets a user answer on reply subjects it may not otherwise publish on.</summary>
public sealed record ResponsePermission
{
    /// <summary>Answers allowed per request; the server reads 0 as 1.</summary>
    [JsonPropertyName("max")]
    public int Max { get; init; }

    /// <summary>Nanoseconds during which an answer is allowed.</summary>
    [JsonPropertyName("ttl")]
    public long TtlNanoseconds { get; init; }
}
