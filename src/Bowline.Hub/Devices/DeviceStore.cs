using Bowline.Core.Identity;
using Bowline.Hub.Store;
using Microsoft.Data.Sqlite;

namespace Bowline.Hub.Devices;

/// <summary>The enrolled devices. A revoked one is as unknown as one that never was.</summary>
internal sealed class DeviceStore(HubDatabase database, TimeProvider time)
{
    private const string Columns = "id, account_id, slug, machine_name, version, enrolled_at";

    public Device? Find(DeviceId id) => database.Read(db => Find(db, id));

    /// <summary>Finds by slug or device id.</summary>
    public Device? FindByName(string name) => DeviceId.TryParse(name, out var id)
        ? Find(id)
        : database.Read(db => db.QuerySingle($"SELECT {Columns} FROM devices WHERE slug = $slug AND revoked_at IS NULL", Map, ("slug", name)));

    public IReadOnlyList<Device> List(string accountId) => database.Read(db => db.Query(
        $"SELECT {Columns} FROM devices WHERE account_id = $account AND revoked_at IS NULL ORDER BY slug", Map, ("account", accountId)));

    public IReadOnlyList<Device> ListAll() => database.Read(db => db.Query($"SELECT {Columns} FROM devices WHERE revoked_at IS NULL ORDER BY slug", Map));

    /// <summary>Keeps what the node says about itself current.</summary>
    public void Describe(DeviceId id, string machineName, string version) => database.Write(db => db.Execute(
        "UPDATE devices SET machine_name = $machine, version = $version WHERE id = $id AND (machine_name <> $machine OR version <> $version)",
        ("id", id.ToString()),
        ("machine", machineName),
        ("version", version)));

    /// <summary>Marks a device revoked inside the caller's transaction; false when it is not enrolled.</summary>
    public bool Revoke(SqliteConnection db, DeviceId id) => db.Execute(
        "UPDATE devices SET revoked_at = $now WHERE id = $id AND revoked_at IS NULL",
        ("id", id.ToString()),
        ("now", time.GetUtcNow())) == 1;

    /// <summary>Adds or renews a device inside the caller's transaction; null when another account holds it.</summary>
    public Device? Enrol(SqliteConnection db, DeviceId id, string accountId, string machineName, string version)
    {
        var now = time.GetUtcNow();
        if (Find(db, id) is { } existing)
        {
            if (existing.AccountId != accountId)
            {
                return null;
            }

            db.Execute("UPDATE devices SET machine_name = $machine, version = $version WHERE id = $id", ("id", id.ToString()), ("machine", machineName), ("version", version));
            return existing with { MachineName = machineName, Version = version };
        }

        var slug = Slug.Unique(Slug.From(machineName), s =>
            db.QuerySingle("SELECT 1 FROM devices WHERE slug = $slug AND revoked_at IS NULL", _ => true, ("slug", s)));
        db.Execute(
            """
            INSERT INTO devices (id, account_id, slug, machine_name, version, enrolled_at) VALUES ($id, $account, $slug, $machine, $version, $now)
            ON CONFLICT (id) DO UPDATE SET account_id = $account, slug = $slug, machine_name = $machine, version = $version, enrolled_at = $now, revoked_at = NULL
            """,
            ("id", id.ToString()),
            ("account", accountId),
            ("slug", slug),
            ("machine", machineName),
            ("version", version),
            ("now", now));
        return new Device(id, accountId, slug, machineName, version, now);
    }

    private static Device? Find(SqliteConnection db, DeviceId id) =>
        db.QuerySingle($"SELECT {Columns} FROM devices WHERE id = $id AND revoked_at IS NULL", Map, ("id", id.ToString()));

    private static Device Map(SqliteDataReader r) =>
        new(DeviceId.Parse(r.GetString(0)), r.GetString(1), r.GetString(2), r.GetString(3), r.GetString(4), r.Time(5));
}
