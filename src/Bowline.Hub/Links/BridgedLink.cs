using Bowline.Core.Identity;

namespace Bowline.Hub.Links;

/// <summary>One open bridge; cancelling it closes the device's socket.</summary>
internal sealed class BridgedLink(long id, DeviceId device, CancellationTokenSource abort)
{
    public long Id { get; } = id;

    public DeviceId Device { get; } = device;

    /// <summary>Ends the bridge; the first reason given is the one that counts.</summary>
    public void Close(BridgeEnd reason)
    {
        lock (abort)
        {
            Reason ??= reason;
        }

        try
        {
            abort.Cancel();
        }
        catch (ObjectDisposedException)
        {
            return; // It ended by itself meanwhile; whoever closes many must get to the next one.
        }
    }

    public BridgeEnd? Reason { get; private set; }
}
