namespace Bowline.WebRtc;

/// <summary>Times of the connectivity checks.</summary>
internal static class IceTimings
{
    /// <summary>
    /// Between two checks of one agent. RFC 8445 asks for 50 unless more is known to be harmless; a data
    /// channel has one component and a handful of pairs, so the burst stays below what one video call sends in the same time.
    /// </summary>
    internal static readonly TimeSpan Pacing = TimeSpan.FromMilliseconds(10);
}
