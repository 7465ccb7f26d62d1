using Bowline.Core.Identity;
using Bowline.Hub.Store;
using Microsoft.Data.Sqlite;

namespace Bowline.Hub.Links;

/// <summary>Which NATS user keys were handed to which device, kept until their tokens end, so that they can be revoked.</summary>
internal sealed class LinkCredentialStore(HubDatabase database, TimeProvider time)
{
    /// <summary>A revocation is kept this much longer than the token lives, for a NATS server whose clock is behind the hub's.</summary>
    internal static readonly TimeSpan ClockMargin = TimeSpan.FromHours(1);

    /// <summary>
    /// Notes an issued token; false when the key belongs to another device or was revoked, or the device is not enrolled. The device is
    /// looked up in the same transaction: a token noted after a revocation has collected the device's keys would live on.
    /// </summary>
    public bool TryAdd(string userKey, DeviceId device, DateTimeOffset expiresAt) => database.Write(db =>
    {
        db.Execute("DELETE FROM link_credentials WHERE expires_at <= $now AND revoked_at IS NULL", ("now", time.GetUtcNow()));
        return db.Execute(
            """
            INSERT INTO link_credentials (user_key, device_id, expires_at)
            SELECT $key, id, $expires FROM devices WHERE id = $device AND revoked_at IS NULL
            ON CONFLICT (user_key) DO UPDATE SET expires_at = $expires WHERE device_id = $device AND revoked_at IS NULL
            """,
            ("key", userKey),
            ("device", device.ToString()),
            ("expires", expiresAt));
    }) == 1;

    /// <summary>Revokes all keys of a device inside the caller's transaction.</summary>
    public void Revoke(SqliteConnection db, DeviceId device) => db.Execute(
        "UPDATE link_credentials SET revoked_at = $now WHERE device_id = $device AND revoked_at IS NULL",
        ("now", time.GetUtcNow()),
        ("device", device.ToString()));

    /// <summary>
    /// The revoked keys. They are refused up to the end of their tokens and not up to the moment of the revocation: a token that is
    /// being made in this moment may carry a later second.
    /// </summary>
    public RevokedUsers Revoked()
    {
        var past = time.GetUtcNow() - ClockMargin;
        var rows = database.Read(db => db.Query("SELECT user_key, expires_at FROM link_credentials WHERE revoked_at IS NOT NULL", r => (Key: r.GetString(0), Until: r.Time(1))));
        return new RevokedUsers(
            rows.Where(r => r.Until > past).ToDictionary(r => r.Key, r => r.Until.ToUnixTimeSeconds(), StringComparer.Ordinal),
            [.. rows.Where(r => r.Until <= past).Select(r => r.Key)]);
    }

    /// <summary>Forgets revoked keys after the server has forgotten them.</summary>
    public void Forget(IReadOnlyList<string> ended)
    {
        if (ended.Count > 0)
        {
            database.Write(db => ended.Sum(key => db.Execute("DELETE FROM link_credentials WHERE user_key = $key AND revoked_at IS NOT NULL", ("key", key))));
        }
    }
}
