using Bowline.Core.Identity;

namespace Bowline.Hub.Presence;

/// <summary>Asks a node for its status.</summary>
internal interface IProber
{
    /// <summary>Asks once; never throws except when <paramref name="cancellationToken"/> is cancelled.</summary>
    public Task<ProbeResult> ProbeAsync(DeviceId device, TimeSpan timeout, CancellationToken cancellationToken);
}
