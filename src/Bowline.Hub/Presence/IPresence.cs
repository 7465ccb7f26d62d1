using Bowline.Core.Identity;

namespace Bowline.Hub.Presence;

/// <summary>What is known of the links, for the API and the console.</summary>
internal interface IPresence
{
    /// <summary>The account's links now, by name.</summary>
    public IReadOnlyList<LinkPresence> Snapshot(string accountId);

    /// <summary>One link now; null when it is not enrolled.</summary>
    public LinkPresence? Find(DeviceId device);

    /// <summary>
    /// All links of the account first, then each that changes, in its latest form: a slow reader skips what came in between. While it is
    /// enumerated it counts as a watcher, and the links are probed at the fast pace.
    /// </summary>
    public IAsyncEnumerable<LinkPresence> WatchAsync(string accountId, CancellationToken cancellationToken);

    /// <summary>Probes now, or joins the probe under way, and gives the presence after it; null when the device is not enrolled.</summary>
    public Task<LinkPresence?> PingAsync(DeviceId device, CancellationToken cancellationToken);
}
