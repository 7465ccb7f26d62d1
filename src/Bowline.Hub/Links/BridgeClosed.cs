using Bowline.Core.Identity;

namespace Bowline.Hub.Links;

/// <summary>A bridge ended; <paramref name="WasLast"/> when the device has no other one open.</summary>
internal readonly record struct BridgeClosed(DeviceId Device, BridgeEnd Reason, bool WasLast);
