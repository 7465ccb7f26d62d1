using Bowline.Core.Identity;

namespace Bowline.Hub.Devices;

/// <summary>A device was revoked.</summary>
internal sealed class DeviceRevokedEventArgs(DeviceId device) : EventArgs
{
    public DeviceId Device { get; } = device;
}
