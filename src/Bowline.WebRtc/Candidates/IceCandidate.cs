using System.Text.Json;

namespace Bowline.WebRtc;

/// <summary>An address of one side as it travels through signaling (RTCIceCandidateInit of the W3C's WebRTC).</summary>
/// <param name="Candidate">The attribute without <c>a=</c> (RFC 8839, section 5.1); empty when there are no more of this generation.</param>
/// <param name="Mid">The media section it belongs to.</param>
/// <param name="MLineIndex">The index of that section.</param>
/// <param name="UsernameFragment">The generation it belongs to.</param>
public sealed record IceCandidate(string Candidate, string? Mid = null, int? MLineIndex = null, string? UsernameFragment = null)
{
    /// <summary>True when it says that no more addresses come.</summary>
    public bool IsEndOfCandidates => Candidate.Length == 0;

    /// <summary>Writes it in the form that a browser's RTCIceCandidate takes.</summary>
    /// <returns>A JSON object.</returns>
    public string ToJson() => JsonSerializer.Serialize(new(Candidate, Mid, MLineIndex, UsernameFragment), CandidateJson.Default.IceCandidateInit);

    /// <summary>Reads what a browser's RTCIceCandidate writes.</summary>
    /// <param name="json">A JSON object.</param>
    /// <param name="candidate">The address.</param>
    /// <returns>False when it is no such object.</returns>
    public static bool TryFromJson(string json, out IceCandidate? candidate)
    {
        candidate = null;
        try
        {
            var read = JsonSerializer.Deserialize(json, CandidateJson.Default.IceCandidateInit);
            candidate = read is null ? null : new(read.Candidate ?? "", read.SdpMid, read.SdpMLineIndex, read.UsernameFragment);
        }
        catch (JsonException)
        {
            return false;
        }

        return candidate is not null;
    }
}
