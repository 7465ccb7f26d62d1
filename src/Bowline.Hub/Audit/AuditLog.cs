using Bowline.Hub.Store;

namespace Bowline.Hub.Audit;

/// <summary>What happened to access on this hub, in the order it happened.</summary>
internal sealed class AuditLog(HubDatabase database, TimeProvider time)
{
    private const int MaxText = 200;

    public void Write(string actor, string action, string subject, string address, string detail = "") => database.Write(db => db.Execute(
        "INSERT INTO audit (at, actor, action, subject, address, detail) VALUES ($now, $actor, $action, $subject, $address, $detail)",
        ("now", time.GetUtcNow()),
        ("actor", Clip(actor)),
        ("action", action),
        ("subject", Clip(subject)),
        ("address", address),
        ("detail", Clip(detail))));

    /// <summary>The newest entries first, older than <paramref name="before"/> when given.</summary>
    public IReadOnlyList<AuditEntry> Read(int count, long before = long.MaxValue) => database.Read(db => db.Query(
        "SELECT id, at, actor, action, subject, address, detail FROM audit WHERE id < $before ORDER BY id DESC LIMIT $count",
        r => new AuditEntry(r.GetInt64(0), r.Time(1), r.GetString(2), r.GetString(3), r.GetString(4), r.GetString(5), r.GetString(6)),
        ("before", before),
        ("count", Math.Clamp(count, 1, 1000))));

    private static string Clip(string text) => text.Length > MaxText ? text[..MaxText] : text;
}
