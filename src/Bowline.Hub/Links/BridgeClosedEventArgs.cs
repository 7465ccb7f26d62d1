using Bowline.Core.Identity;

namespace Bowline.Hub.Links;

/// <summary>A bridge ended.</summary>
internal sealed class BridgeClosedEventArgs(DeviceId device, BridgeEnd reason, bool wasLast) : EventArgs
{
    public DeviceId Device { get; } = device;

    public BridgeEnd Reason { get; } = reason;

    /// <summary>True when the device has no other bridge open.</summary>
    public bool WasLast { get; } = wasLast;
}
