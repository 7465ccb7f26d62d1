using System.Net;

namespace Bowline.WebRtc;

/// <summary>Finds the address of a <c>.local</c> name.</summary>
internal interface IMdnsResolver
{
    /// <summary>The address, or null when nobody on the link has that name or there is no one to ask.</summary>
    ValueTask<IPAddress?> ResolveAsync(string name, CancellationToken cancel);
}
