using Bowline.Hub.Store;

namespace Bowline.Hub.Accounts;

/// <summary>Browser sessions; the cookie's value is stored hashed.</summary>
internal sealed class SessionStore(HubDatabase database, TimeProvider time)
{
    /// <summary>Unused for this long, a session ends.</summary>
    internal static readonly TimeSpan Idle = TimeSpan.FromDays(30);

    /// <summary>A session's last use is written at most this often, so that page loads do not become writes.</summary>
    private static readonly TimeSpan TouchEvery = TimeSpan.FromMinutes(10);

    /// <summary>Makes a session and returns the cookie's value.</summary>
    public string Create(string accountId, string address, string userAgent)
    {
        var secret = Secrets.New();
        var now = time.GetUtcNow();
        database.Write(db =>
        {
            db.Execute("DELETE FROM sessions WHERE last_seen_at <= $dead", ("dead", now - Idle));
            return db.Execute(
                "INSERT INTO sessions (hash, id, account_id, created_at, last_seen_at, address, user_agent) VALUES ($hash, $id, $account, $now, $now, $address, $agent)",
                ("hash", Secrets.Hash(secret)),
                ("id", Secrets.NewId()),
                ("account", accountId),
                ("now", now),
                ("address", address),
                ("agent", userAgent.Length > 200 ? userAgent[..200] : userAgent));
        });
        return secret;
    }

    /// <summary>The session's id and its account, or null when it is unknown, revoked or idle for too long.</summary>
    public (string SessionId, Account Account)? Find(string secret)
    {
        var now = time.GetUtcNow();
        var hash = Secrets.Hash(secret);
        var row = database.Read(db => db.QuerySingle(
            "SELECT s.id, s.last_seen_at, a.id, a.name, a.role, a.password IS NOT NULL FROM sessions s JOIN accounts a ON a.id = s.account_id WHERE s.hash = $hash AND s.last_seen_at > $dead",
            r => (Id: r.GetString(0), Seen: r.Time(1), Account: new Account(r.GetString(2), r.GetString(3), AccountStore.RoleOf(r.GetString(4)), r.GetBoolean(5))),
            ("hash", hash),
            ("dead", now - Idle)));
        if (row.Id is null)
        {
            return null;
        }

        if (now - row.Seen >= TouchEvery)
        {
            database.Write(db => db.Execute("UPDATE sessions SET last_seen_at = $now WHERE hash = $hash", ("now", now), ("hash", hash)));
        }

        return (row.Id, row.Account);
    }

    /// <summary>The account of a session by its public id, for credentials that were derived from it.</summary>
    public string? AccountOf(string sessionId) => database.Read(db => db.QuerySingle(
        "SELECT account_id FROM sessions WHERE id = $id AND last_seen_at > $dead",
        r => r.GetString(0),
        ("id", sessionId),
        ("dead", time.GetUtcNow() - Idle)));

    public IReadOnlyList<SessionInfo> List(string accountId) => database.Read(db => db.Query(
        "SELECT id, created_at, last_seen_at, address, user_agent FROM sessions WHERE account_id = $account AND last_seen_at > $dead ORDER BY last_seen_at DESC",
        r => new SessionInfo(r.GetString(0), r.Time(1), r.Time(2), r.GetString(3), r.GetString(4)),
        ("account", accountId),
        ("dead", time.GetUtcNow() - Idle)));

    public bool Revoke(string accountId, string sessionId) =>
        database.Write(db => db.Execute("DELETE FROM sessions WHERE id = $id AND account_id = $account", ("id", sessionId), ("account", accountId))) == 1;
}
