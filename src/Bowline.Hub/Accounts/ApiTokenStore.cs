using System.Security.Cryptography;
using Bowline.Hub.Store;

namespace Bowline.Hub.Accounts;

/// <summary>Tokens of the form <c>bwl_&lt;id&gt;_&lt;secret&gt;</c> for the CLI and scripts, stored hashed.</summary>
internal sealed class ApiTokenStore(HubDatabase database, TimeProvider time)
{
    public const string Prefix = "bwl_";

    /// <summary>A token's last use is written at most this often, so that calls do not become writes.</summary>
    private static readonly TimeSpan TouchEvery = TimeSpan.FromMinutes(10);

    /// <summary>Makes a token and returns its full text, the only time it exists outside its holder.</summary>
    public (ApiToken Token, string Text) Create(string accountId, string name, Scopes scopes, DateTimeOffset? expiresAt)
    {
        var id = Secrets.NewId();
        var secret = Secrets.New();
        var token = new ApiToken(id, name, ToText(scopes), time.GetUtcNow(), expiresAt, LastUsedAt: null);
        database.Write(db => db.Execute(
            "INSERT INTO api_tokens (id, hash, account_id, name, scopes, created_at, expires_at) VALUES ($id, $hash, $account, $name, $scopes, $now, $expires)",
            ("id", id),
            ("hash", Secrets.Hash(secret)),
            ("account", accountId),
            ("name", name),
            ("scopes", token.Scopes),
            ("now", token.CreatedAt),
            ("expires", expiresAt)));
        return (token, $"{Prefix}{id}_{secret}");
    }

    /// <summary>The account and scopes of a token's text, or null when it is unknown, revoked or expired.</summary>
    public (string TokenId, Account Account, Scopes Scopes)? Find(string text)
    {
        if (!TrySplit(text, out var id, out var secret))
        {
            return null;
        }

        var now = time.GetUtcNow();
        var row = database.Read(db => db.QuerySingle(
            "SELECT t.hash, t.scopes, t.expires_at, t.last_used_at, a.id, a.name, a.role, a.password IS NOT NULL FROM api_tokens t JOIN accounts a ON a.id = t.account_id WHERE t.id = $id",
            r => (
                Hash: (byte[])r.GetValue(0),
                Scopes: r.GetString(1),
                Expires: r.TimeOrNull(2),
                Used: r.TimeOrNull(3),
                Account: new Account(r.GetString(4), r.GetString(5), AccountStore.RoleOf(r.GetString(6)), r.GetBoolean(7))),
            ("id", id)));
        if (row.Hash is null || !CryptographicOperations.FixedTimeEquals(row.Hash, Secrets.Hash(secret)) || row.Expires <= now)
        {
            return null;
        }

        if (row.Used is null || now - row.Used >= TouchEvery)
        {
            database.Write(db => db.Execute("UPDATE api_tokens SET last_used_at = $now WHERE id = $id", ("now", now), ("id", id)));
        }

        return (id, row.Account, FromText(row.Scopes));
    }

    public IReadOnlyList<ApiToken> List(string accountId) => database.Read(db => db.Query(
        "SELECT id, name, scopes, created_at, expires_at, last_used_at FROM api_tokens WHERE account_id = $account ORDER BY created_at",
        r => new ApiToken(r.GetString(0), r.GetString(1), r.GetString(2), r.Time(3), r.TimeOrNull(4), r.TimeOrNull(5)),
        ("account", accountId)));

    public bool Revoke(string accountId, string id) =>
        database.Write(db => db.Execute("DELETE FROM api_tokens WHERE id = $id AND account_id = $account", ("id", id), ("account", accountId))) == 1;

    /// <summary>Reads <c>read,run</c>; an unknown word makes the whole text invalid (<see cref="Scopes.None"/>).</summary>
    public static Scopes FromText(string text)
    {
        var scopes = Scopes.None;
        foreach (var word in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            switch (word)
            {
                case "read": scopes |= Scopes.Read; break;
                case "run": scopes |= Scopes.Run; break;
                case "expose": scopes |= Scopes.Expose; break;
                case "admin": scopes |= Scopes.Admin; break;
                default: return Scopes.None;
            }
        }

        return scopes;
    }

    private static string ToText(Scopes scopes) => string.Join(',', new[] { Scopes.Read, Scopes.Run, Scopes.Expose, Scopes.Admin }
        .Where(s => scopes.HasFlag(s)).Select(s => s.ToString().ToLowerInvariant()));

    private static bool TrySplit(string text, out string id, out string secret)
    {
        id = secret = "";
        if (text.Length > 128 || !text.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return false;
        }

        var separator = text.IndexOf('_', Prefix.Length);
        if (separator < 0)
        {
            return false;
        }

        id = text[Prefix.Length..separator];
        secret = text[(separator + 1)..];
        return id.Length > 0 && secret.Length > 0;
    }
}
