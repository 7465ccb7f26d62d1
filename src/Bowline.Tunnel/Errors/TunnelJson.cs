using System.Text.Json.Serialization;

namespace Bowline.Tunnel;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(TunnelProblem))]
internal sealed partial class TunnelJson : JsonSerializerContext;
