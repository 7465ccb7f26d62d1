using Bowline.Hub.Accounts;
using Bowline.Hub.Store;
using Microsoft.Data.Sqlite;

namespace Bowline.Hub.Devices;

/// <summary>Enrolment codes, stored hashed, usable once.</summary>
internal sealed class InviteStore(HubDatabase database, HubOptions options, TimeProvider time)
{
    public (string Code, DateTimeOffset ExpiresAt) Create(string accountId)
    {
        var code = InviteCode.New();
        var now = time.GetUtcNow();
        var expires = now + options.InviteLife;
        _ = InviteCode.TryNormalise(code, out var normal);
        database.Write(db =>
        {
            db.Execute("DELETE FROM invites WHERE expires_at <= $now", ("now", now));
            return db.Execute(
                "INSERT INTO invites (hash, account_id, created_at, expires_at) VALUES ($hash, $account, $now, $expires)",
                ("hash", Secrets.Hash(normal!)),
                ("account", accountId),
                ("now", now),
                ("expires", expires));
        });
        return (code, expires);
    }

    /// <summary>True when the code could be used now; it stays usable.</summary>
    public bool IsUsable(string normalCode) => database.Read(db => db.QuerySingle(
        "SELECT 1 FROM invites WHERE hash = $hash AND used_at IS NULL AND expires_at > $now",
        _ => true,
        ("hash", Secrets.Hash(normalCode)),
        ("now", time.GetUtcNow())));

    /// <summary>Uses the code up inside the caller's transaction; the account it enrols for, or null when it is not usable.</summary>
    public string? Consume(SqliteConnection db, string normalCode)
    {
        var hash = Secrets.Hash(normalCode);
        var used = db.Execute("UPDATE invites SET used_at = $now WHERE hash = $hash AND used_at IS NULL AND expires_at > $now", ("hash", hash), ("now", time.GetUtcNow()));
        return used == 1 ? db.QuerySingle("SELECT account_id FROM invites WHERE hash = $hash", r => r.GetString(0), ("hash", hash)) : null;
    }
}
