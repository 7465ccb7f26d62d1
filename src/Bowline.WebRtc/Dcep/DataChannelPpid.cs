namespace Bowline.WebRtc;

/// <summary>What a message on a stream is (RFC 8831, section 8).</summary>
internal static class DataChannelPpid
{
    internal const uint Control = 50;
    internal const uint Text = 51;
    internal const uint Binary = 53;
    internal const uint EmptyText = 56;
    internal const uint EmptyBinary = 57;
}
