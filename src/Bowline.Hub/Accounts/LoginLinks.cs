using Bowline.Hub.Store;

namespace Bowline.Hub.Accounts;

/// <summary>One-time links that sign an account in: how the operator of the machine gets into the console.</summary>
internal sealed class LoginLinks(HubDatabase database, TimeProvider time)
{
    /// <summary>Long enough to find the terminal again, short enough that scrollback is not a key.</summary>
    internal static readonly TimeSpan Life = TimeSpan.FromMinutes(15);

    public string Create(string accountId)
    {
        var token = Secrets.New();
        var now = time.GetUtcNow();
        database.Write(db =>
        {
            db.Execute("DELETE FROM login_links WHERE expires_at <= $now", ("now", now));
            return db.Execute(
                "INSERT INTO login_links (hash, account_id, expires_at) VALUES ($hash, $account, $expires)",
                ("hash", Secrets.Hash(token)),
                ("account", accountId),
                ("expires", now + Life));
        });
        return token;
    }

    /// <summary>The account a link would sign in; the link stays usable.</summary>
    public string? Peek(string token) => database.Read(db => db.QuerySingle(
        "SELECT account_id FROM login_links WHERE hash = $hash AND expires_at > $now",
        r => r.GetString(0),
        ("hash", Secrets.Hash(token)),
        ("now", time.GetUtcNow())));

    /// <summary>Uses a link up; true for exactly one caller.</summary>
    public bool TryConsume(string token) => database.Write(db => db.Execute(
        "DELETE FROM login_links WHERE hash = $hash AND expires_at > $now",
        ("hash", Secrets.Hash(token)),
        ("now", time.GetUtcNow()))) == 1;
}
