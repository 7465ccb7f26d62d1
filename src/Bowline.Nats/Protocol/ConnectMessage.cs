using System.Text.Json.Serialization;

namespace Bowline.Nats;

/// <summary>The JSON of CONNECT.</summary>
internal sealed record ConnectMessage
{
    [JsonPropertyName("verbose")]
    public bool Verbose { get; init; }

    [JsonPropertyName("pedantic")]
    public bool Pedantic { get; init; }

    [JsonPropertyName("tls_required")]
    public bool TlsRequired { get; init; }

    [JsonPropertyName("jwt")]
    public string? Jwt { get; init; }

    [JsonPropertyName("nkey")]
    public string? NKey { get; init; }

    [JsonPropertyName("sig")]
    public string? Signature { get; init; }

    [JsonPropertyName("auth_token")]
    public string? Token { get; init; }

    [JsonPropertyName("user")]
    public string? User { get; init; }

    [JsonPropertyName("pass")]
    public string? Password { get; init; }

    [JsonPropertyName("name")]
    public string? Name { get; init; }

    [JsonPropertyName("lang")]
    public string Language { get; init; } = "dotnet";

    [JsonPropertyName("version")]
    public string Version { get; init; } = "0.1.0";

    /// <summary>1 = asynchronous INFO is understood.</summary>
    [JsonPropertyName("protocol")]
    public int Protocol { get; init; } = 1;

    [JsonPropertyName("echo")]
    public bool Echo { get; init; } = true;

    [JsonPropertyName("headers")]
    public bool Headers { get; init; } = true;

    /// <summary>Works only together with headers.</summary>
    [JsonPropertyName("no_responders")]
    public bool NoResponders { get; init; } = true;
}

[JsonSerializable(typeof(ConnectMessage))]
[JsonSerializable(typeof(NatsServerInfo))]
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class ProtocolJson : JsonSerializerContext;
