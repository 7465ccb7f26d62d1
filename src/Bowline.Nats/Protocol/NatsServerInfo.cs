using System.Text.Json.Serialization;

namespace Bowline.Nats;

/// <summary>What the server says about itself in INFO.</summary>
public sealed record NatsServerInfo
{
    /// <summary>The server's id.</summary>
    [JsonPropertyName("server_id")]
    public string Id { get; init; } = "";

    /// <summary>The server's name.</summary>
    [JsonPropertyName("server_name")]
    public string Name { get; init; } = "";

    /// <summary>The server's version.</summary>
    [JsonPropertyName("version")]
    public string Version { get; init; } = "";

    /// <summary>The most bytes of headers and payload in one message.</summary>
    [JsonPropertyName("max_payload")]
    public int MaxPayload { get; init; } = 1024 * 1024;

    /// <summary>Headers are understood.</summary>
    [JsonPropertyName("headers")]
    public bool HeadersSupported { get; init; }

    /// <summary>JetStream is on.</summary>
    [JsonPropertyName("jetstream")]
    public bool JetStreamAvailable { get; init; }

    /// <summary>The server insists on TLS.</summary>
    [JsonPropertyName("tls_required")]
    public bool TlsRequired { get; init; }

    /// <summary>The server offers TLS.</summary>
    [JsonPropertyName("tls_available")]
    public bool TlsAvailable { get; init; }

    /// <summary>The server wants credentials.</summary>
    [JsonPropertyName("auth_required")]
    public bool AuthRequired { get; init; }

    /// <summary>What the client must sign to prove that it owns its key.</summary>
    [JsonPropertyName("nonce")]
    public string? Nonce { get; init; }

    /// <summary>This connection's number at the server.</summary>
    [JsonPropertyName("client_id")]
    public long ClientId { get; init; }

    /// <summary>The server is going away: move now.</summary>
    [JsonPropertyName("ldm")]
    public bool LameDuckMode { get; init; }

    /// <summary>Other servers of the cluster, as host:port.</summary>
    [JsonPropertyName("connect_urls")]
    public IReadOnlyList<string>? ConnectUrls { get; init; }
}
