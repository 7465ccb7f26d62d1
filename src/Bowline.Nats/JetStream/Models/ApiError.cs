using System.Text.Json.Serialization;

namespace Bowline.Nats.JetStream;

/// <summary>An error of the JetStream API.</summary>
public sealed record ApiError
{
    /// <summary>A status like those of HTTP.</summary>
    [JsonPropertyName("code")]
    public int Code { get; init; }

    /// <summary>The exact error, see <see cref="NatsJSErrorCode"/>.</summary>
    [JsonPropertyName("err_code")]
    public int ErrCode { get; init; }

    /// <summary>The server's own words.</summary>
    [JsonPropertyName("description")]
    public string? Description { get; init; }
}
