using Bowline.Hub.Devices;

namespace Bowline.Hub.Content;

/// <summary>One request to exposed content.</summary>
/// <param name="Device">The node it goes to.</param>
/// <param name="Service">The service there.</param>
/// <param name="Prefix">What stands before the service's own path in the address; empty where the service has a host of its own.</param>
/// <param name="PathAndQuery">The service's own path and query, as the caller wrote them.</param>
internal sealed record ContentTarget(Device Device, string Service, string Prefix, string PathAndQuery);
