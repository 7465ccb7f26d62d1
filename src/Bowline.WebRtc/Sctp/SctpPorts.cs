namespace Bowline.WebRtc;

internal static class SctpPorts
{
    /// <summary>The port every implementation uses; with one association per DTLS there is nothing to tell apart.</summary>
    internal const ushort Local = 5000;
}
