using Bowline.Hub.Store;
using Microsoft.Data.Sqlite;

namespace Bowline.Hub.Accounts;

/// <summary>The people of this hub.</summary>
internal sealed class AccountStore(HubDatabase database, TimeProvider time)
{
    private const string Columns = "id, name, role, password IS NOT NULL";

    public const string FirstAdministrator = "admin";

    /// <summary>The administrator that the local operator's login link and token belong to; made at the first start.</summary>
    public Account EnsureAdministrator() => database.Write(db =>
    {
        var existing = db.QuerySingle($"SELECT {Columns} FROM accounts WHERE role = 'admin' ORDER BY created_at, id LIMIT 1", Map);
        if (existing is not null)
        {
            return existing;
        }

        var id = Secrets.NewId();
        db.Execute(
            "INSERT INTO accounts (id, name, role, created_at) VALUES ($id, $name, 'admin', $now)",
            ("id", id),
            ("name", FirstAdministrator),
            ("now", time.GetUtcNow()));
        return new Account(id, FirstAdministrator, AccountRole.Admin, HasPassword: false);
    });

    public Account? Find(string id) => database.Read(db => db.QuerySingle($"SELECT {Columns} FROM accounts WHERE id = $id", Map, ("id", id)));

    /// <summary>Checks a password; takes the same time whether or not the account exists.</summary>
    public Account? CheckPassword(string name, string password)
    {
        var row = database.Read(db => db.QuerySingle($"SELECT {Columns}, password FROM accounts WHERE name = $name", r => (Account: Map(r), Hash: r.TextOrNull(4)), ("name", name)));
        return PasswordHasher.Verify(password, row.Hash) ? row.Account : null;
    }

    public void SetPassword(string accountId, string password)
    {
        var hash = PasswordHasher.Hash(password);
        database.Write(db => db.Execute("UPDATE accounts SET password = $hash WHERE id = $id", ("hash", hash), ("id", accountId)));
    }

    internal static AccountRole RoleOf(string text) => text == "admin" ? AccountRole.Admin : AccountRole.Member;

    private static Account Map(SqliteDataReader r) => new(r.GetString(0), r.GetString(1), RoleOf(r.GetString(2)), r.GetBoolean(3));
}
