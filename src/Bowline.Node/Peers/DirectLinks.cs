using Bowline.WebRtc;

namespace Bowline.Node.Peers;

/// <summary>Whether this machine can connect to others directly, over data channels; if not, everything goes through the hub.</summary>
public static class DirectLinks
{
    /// <summary>What is missing and how to install it; null when nothing is.</summary>
    public static string? Problem => PeerConnection.UnsupportedReason;
}
