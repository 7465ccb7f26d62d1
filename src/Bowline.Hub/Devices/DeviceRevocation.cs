using Bowline.Core.Identity;
using Bowline.Hub.Audit;
using Bowline.Hub.Links;
using Bowline.Hub.NatsServer;
using Bowline.Nats;
using Microsoft.Extensions.Logging;

namespace Bowline.Hub.Devices;

/// <summary>Takes a device's access away: its row first, so that it cannot come back, then its open connections.</summary>
internal sealed class DeviceRevocation(
    DeviceStore devices,
    LinkCredentialStore credentials,
    BridgeRegistry bridges,
    INatsBackend nats,
    AuditLog audit,
    ILogger<DeviceRevocation> logger)
{
    /// <summary>Raised after a device was revoked.</summary>
    public event EventHandler<DeviceRevokedEventArgs>? Revoked;

    /// <summary>Revokes a device; false when it is not enrolled.</summary>
    public async Task<bool> RevokeAsync(DeviceId device, string actor, string address)
    {
        if (!devices.Revoke(device))
        {
            return false;
        }

        credentials.Revoke(device);
        bridges.CloseAll(device, BridgeEnd.Revoked);
        audit.Write(actor, "device.revoked", device.ToString(), address);
        HubLog.DeviceRevoked(logger, device.ToString(), actor);
        Revoked?.Invoke(this, new DeviceRevokedEventArgs(device));
        try
        {
            await nats.PushRevocationsAsync(CancellationToken.None);
        }
        catch (Exception e) when (e is NatsException or TimeoutException or OperationCanceledException)
        {
            HubLog.RevocationNotPushed(logger, device.ToString(), e);
        }

        return true;
    }
}
