using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Bowline.Nats.Jwt;

/// <summary>The generated serializers of tokens. '>' stays '>': escaping it would grow every CONNECT line.</summary>
internal static class JwtJson
{
    public static JwtJsonContext Context { get; } = new(new JsonSerializerOptions
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        MaxDepth = 16,
    });
}

[JsonSerializable(typeof(OperatorClaims))]
[JsonSerializable(typeof(AccountClaims))]
[JsonSerializable(typeof(UserClaims))]
[JsonSerializable(typeof(UserScope))]
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(JwtHeader))]
[JsonSerializable(typeof(JwtIssuer))]
internal sealed partial class JwtJsonContext : JsonSerializerContext;

internal sealed record JwtHeader
{
    [JsonPropertyName("typ")]
    public string? Type { get; init; }

    [JsonPropertyName("alg")]
    public string? Algorithm { get; init; }
}

internal sealed record JwtIssuer
{
    [JsonPropertyName("iss")]
    public string? Issuer { get; init; }
}
