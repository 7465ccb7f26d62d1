using Bowline.Core.Identity;

namespace Bowline.Hub.Presence;

/// <summary>What is known about the links now. The API and the console's pages read it from here.</summary>
internal interface IPresence
{
    /// <summary>One link, or null when the device is not enrolled.</summary>
    public LinkInfo? Get(DeviceId device);

    /// <summary>The links of an account by name.</summary>
    public IReadOnlyList<LinkInfo> List(string accountId);

    /// <summary>Probes now and gives what is known then; null when the device is not enrolled.</summary>
    public Task<LinkInfo?> ProbeAsync(DeviceId device);

    /// <summary>Follows the links of an account; while the result lives they are probed at the fast pace.</summary>
    public LinkFeed Follow(string accountId);
}
