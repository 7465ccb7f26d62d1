using Bowline.Core.Identity;

namespace Bowline.Hub.Devices;

/// <summary>An enrolled, unrevoked device.</summary>
internal sealed record Device(DeviceId Id, string AccountId, string Slug, string MachineName, string Version, DateTimeOffset EnrolledAt);
