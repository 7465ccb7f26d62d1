namespace Bowline.WebRtc;

/// <summary>Times of the DTLS handshake.</summary>
internal static class DtlsTimings
{
    /// <summary>Until a flight is repeated for the first time: beyond the round trip of most paths, far below what a person notices.</summary>
    internal static readonly TimeSpan FirstTimeout = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest time between two repetitions. OpenSSL gives up after twelve, so a handshake lasts about 10 s at most.</summary>
    internal static readonly TimeSpan LongestTimeout = TimeSpan.FromSeconds(1);
}
