using Bowline.Hub.Devices;

namespace Bowline.Hub.Presence;

/// <summary>A device and what is known about its link.</summary>
internal sealed record LinkInfo(Device Device, PresenceView Presence, NodeStatus? Status);
