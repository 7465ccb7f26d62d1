namespace Bowline.Hub.Devices;

/// <summary>A device was enrolled, or enrolled again.</summary>
internal sealed class DeviceEnrolledEventArgs(Device device) : EventArgs
{
    public Device Device { get; } = device;
}
