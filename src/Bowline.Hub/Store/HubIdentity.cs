using Bowline.Hub.Accounts;

namespace Bowline.Hub.Store;

/// <summary>What this hub is called: a random id that never changes, and a name for people.</summary>
internal sealed class HubIdentity
{
    public HubIdentity(HubDatabase database, HubOptions options)
    {
        Name = options.Name;
        Id = database.Write(db =>
        {
            db.Execute("INSERT OR IGNORE INTO settings (key, value) VALUES ('hub_id', $id)", ("id", "hub-" + Secrets.NewId()));
            return db.QuerySingle("SELECT value FROM settings WHERE key = 'hub_id'", r => r.GetString(0))!;
        });
    }

    public string Id { get; }

    public string Name { get; }
}
