using Bowline.Core.Identity;
using Bowline.Hub.Store;

namespace Bowline.Hub.Links;

/// <summary>Which NATS user keys were handed to which device, kept until their tokens end, so that they can be revoked.</summary>
internal sealed class LinkCredentialStore(HubDatabase database, TimeProvider time)
{
    /// <summary>Notes an issued token; false when the key belongs to another device.</summary>
    public bool TryAdd(string userKey, DeviceId device, DateTimeOffset expiresAt) => database.Write(db =>
    {
        db.Execute("DELETE FROM link_credentials WHERE expires_at <= $now", ("now", time.GetUtcNow()));
        return db.Execute(
            """
            INSERT INTO link_credentials (user_key, device_id, expires_at) VALUES ($key, $device, $expires)
            ON CONFLICT (user_key) DO UPDATE SET expires_at = $expires WHERE device_id = $device AND revoked_at IS NULL
            """,
            ("key", userKey),
            ("device", device.ToString()),
            ("expires", expiresAt));
    }) == 1;

    public void Revoke(DeviceId device) => database.Write(db => db.Execute(
        "UPDATE link_credentials SET revoked_at = $now WHERE device_id = $device AND revoked_at IS NULL",
        ("now", time.GetUtcNow()),
        ("device", device.ToString())));

    /// <summary>The revoked keys whose tokens have not ended by themselves, with the unix second up to which they are refused.</summary>
    public IReadOnlyDictionary<string, long> Revocations() => database.Read(db => db.Query(
        "SELECT user_key, revoked_at FROM link_credentials WHERE revoked_at IS NOT NULL AND expires_at > $now",
        r => (Key: r.GetString(0), At: r.Time(1)),
        ("now", time.GetUtcNow()))).ToDictionary(r => r.Key, r => r.At.ToUnixTimeSeconds(), StringComparer.Ordinal);
}
