using System.Text.Json.Serialization;

namespace Bowline.WebRtc;

/// <summary>RTCIceCandidateInit, field by field.</summary>
internal sealed record IceCandidateInit(string? Candidate, string? SdpMid, int? SdpMLineIndex, string? UsernameFragment);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(IceCandidateInit))]
internal sealed partial class CandidateJson : JsonSerializerContext;
