namespace Bowline.WebRtc;

/// <summary>What a part of a message came to.</summary>
internal enum MessageAssembly
{
    Incomplete,
    Complete,
    TooLong,
}
