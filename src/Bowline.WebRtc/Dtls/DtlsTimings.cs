namespace Bowline.WebRtc;

/// <summary>Times of the DTLS handshake.</summary>
internal static class DtlsTimings
{
    /// <summary>Microseconds until a flight is repeated for the first time: beyond the round trip of most paths, far below what a person notices.</summary>
    internal const uint FirstTimeout = 100_000;

    /// <summary>The longest time between two repetitions, in microseconds. OpenSSL gives up after twelve, so a handshake lasts about 10 s at most.</summary>
    internal const uint LongestTimeout = 1_000_000;
}
