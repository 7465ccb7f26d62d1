using Bowline.Core.Identity;
using Bowline.Hub.Audit;
using Bowline.Hub.Links;
using Bowline.Hub.NatsServer;
using Bowline.Hub.Store;
using Bowline.Nats;
using Microsoft.Extensions.Logging;

namespace Bowline.Hub.Devices;

/// <summary>Takes a device's access away: its row first, so that it cannot come back, then its open connections.</summary>
internal sealed class DeviceRevocation(
    HubDatabase database,
    DeviceStore devices,
    LinkCredentialStore credentials,
    BridgeRegistry bridges,
    INatsBackend nats,
    AuditLog audit,
    ILogger<DeviceRevocation> logger)
{
    /// <summary>Raised after a device was revoked.</summary>
    public event EventHandler<DeviceRevokedEventArgs>? Revoked;

    /// <summary>Revokes a device and says when that is effective.</summary>
    public async Task<RevocationEffect> RevokeAsync(DeviceId device, string actor, string address)
    {
        if (!database.Write(db => Revoke(db, device)))
        {
            return RevocationEffect.NotEnrolled;
        }

        bridges.CloseAll(device, BridgeEnd.Revoked);
        audit.Write(actor, "device.revoked", device.ToString(), address);
        HubLog.DeviceRevoked(logger, device.ToString(), actor);
        Revoked?.Invoke(this, new DeviceRevokedEventArgs(device));
        var pushed = await PushAsync(device, actor, address);

        // Without an address of its own, a node reaches NATS through the hub alone, which has closed its door already.
        return nats.PublishedUrls.Count == 0 || (pushed && nats.RevokesAtOnce) ? RevocationEffect.AtOnce : RevocationEffect.WhenCredentialsEnd;
    }

    /// <summary>Device and keys in one transaction, so that no session is opened for it in between.</summary>
    private bool Revoke(Microsoft.Data.Sqlite.SqliteConnection db, DeviceId device)
    {
        if (!devices.Revoke(db, device))
        {
            return false;
        }

        credentials.Revoke(db, device);
        return true;
    }

    private async Task<bool> PushAsync(DeviceId device, string actor, string address)
    {
        try
        {
            await nats.PushRevocationsAsync(CancellationToken.None);
            return true;
        }
        catch (NatsException e)
        {
            HubLog.RevocationNotPushed(logger, device.ToString(), e);
            audit.Write(actor, "device.revocation_not_pushed", device.ToString(), address, e.Message);
            return false;
        }
    }
}
