using System.Runtime.InteropServices;

namespace Bowline.WebRtc;

/// <summary>What libnice has, as lines of a description. The caller sees to it that the agent is alive.</summary>
internal static class IceText
{
    /// <summary>The candidate attribute without <c>a=</c>.</summary>
    internal static string? Describe(nint agent, nint candidate)
    {
        var text = LibNice.nice_agent_generate_local_candidate_sdp(agent, candidate);
        var line = Marshal.PtrToStringUTF8(text);
        LibGLib.g_free(text);
        return line?["a=".Length..];
    }

    /// <summary>Null when one of the two cannot be read.</summary>
    internal static CandidatePair? Describe(nint agent, nint local, nint remote) =>
        Describe(agent, local) is { } here && Describe(agent, remote) is { } there
        && CandidateLine.TryParse(here, out var localLine, out _) && CandidateLine.TryParse(there, out var remoteLine, out _)
            ? new(localLine.Kind, EndPoint(localLine), remoteLine.Kind, EndPoint(remoteLine))
            : null;

    private static string EndPoint(CandidateLine line) =>
        line.Address.Contains(':', StringComparison.Ordinal) ? $"[{line.Address}]:{line.Port}" : $"{line.Address}:{line.Port}";
}
