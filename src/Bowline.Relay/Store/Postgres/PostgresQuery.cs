using System.Globalization;
using System.Text;
using Bowline.Nostr;
using Bowline.Relay.Indexing;
using Npgsql;
using NpgsqlTypes;

namespace Bowline.Relay.Postgres;

/// <summary>
/// The SQL of a query. Each value of the walked list gets its own walk of the index with the limit (a lateral join), so that a long list of
/// authors costs their newest events and not all of them.
/// </summary>
internal sealed class PostgresQuery(Audience audience, long now)
{
    private readonly List<NpgsqlParameter> _parameters = [];

    /// <summary>created_at, ord and seq of what the filters find, in order.</summary>
    public static NpgsqlCommand Find(IReadOnlyList<NostrFilter> filters, Audience audience, long now)
    {
        var query = new PostgresQuery(audience, now);
        var found = query.Union(filters);
        return query.Command($"SELECT DISTINCT created_at, ord, seq FROM ({found}) u ORDER BY created_at DESC, ord, seq");
    }

    /// <summary>How many the filters find without limits.</summary>
    public static NpgsqlCommand Count(IReadOnlyList<NostrFilter> filters, Audience audience, long now)
    {
        var query = new PostgresQuery(audience, now);
        var found = query.Union([.. filters.Select(static filter => filter with { Limit = null })]);
        return query.Command($"SELECT count(DISTINCT seq) FROM ({found}) u");
    }

#pragma warning disable CA2100 // The text is made of constants and numbers; everything that came from outside is a parameter.
    private NpgsqlCommand Command(string sql)
    {
        var command = new NpgsqlCommand(sql);
        _parameters.ForEach(parameter => command.Parameters.Add(parameter));
        return command;
    }
#pragma warning restore CA2100

    private string Union(IReadOnlyList<NostrFilter> filters)
    {
        var parts = filters.Select(filter => ScanPlan.For(filter, audience)).Where(static plan => plan.Kind != ScanKind.Nothing).Select(Part).ToArray();
        return parts.Length == 0
            ? "SELECT 0::bigint AS created_at, 0::bigint AS ord, 0::bigint AS seq WHERE false"
            : string.Join(" UNION ALL ", parts.Select(static part => $"({part})"));
    }

    private string Part(ScanPlan plan)
    {
        var order = "ORDER BY created_at DESC, ord" + (plan.Limit == int.MaxValue ? "" : string.Create(CultureInfo.InvariantCulture, $" LIMIT {plan.Limit}"));
        return plan.Kind switch
        {
            ScanKind.Ids => $"SELECT created_at, ord, seq FROM relay_events s WHERE s.id = ANY({Ids(plan.Ids!)}){Rest(plan)} {order}",
            ScanKind.Search => $"WITH s AS MATERIALIZED (SELECT created_at, ord, seq, kind, expires, id, pubkey FROM relay_events WHERE words @@ {Words(plan)}::tsquery) SELECT created_at, ord, seq FROM s WHERE true{Rest(plan)} {order}",
            ScanKind.Time => $"SELECT created_at, ord, seq FROM relay_events s WHERE true{Rest(plan)} {order}",
            ScanKind.AuthorKind => Each($"unnest({Keys(plan.Authors!)}) a(pubkey) CROSS JOIN unnest({Kinds(plan.Kinds!)}) k(kind)", "relay_events s WHERE s.pubkey = a.pubkey AND s.kind = k.kind"),
            ScanKind.Author => Each($"unnest({Keys(plan.Authors!)}) a(pubkey)", "relay_events s WHERE s.pubkey = a.pubkey"),
            ScanKind.Kind => Each($"unnest({Kinds(plan.Kinds!)}) k(kind)", "relay_events s WHERE s.kind = k.kind"),
            _ => Each($"unnest({Tags(plan.Tags[0])}) t(key)", "relay_tags s WHERE s.key = t.key"),
        };

        string Each(string values, string walk) =>
            $"SELECT DISTINCT created_at, ord, seq FROM {values} CROSS JOIN LATERAL (SELECT s.created_at, s.ord, s.seq FROM {walk}{Rest(plan)} {order}) w {order}";
    }

    // What the walk does not answer, about the row s. Rows of tags know no author and no id.
    private string Rest(ScanPlan plan)
    {
        var rest = new StringBuilder();
        rest.Append(CultureInfo.InvariantCulture, $" AND s.created_at BETWEEN {plan.Since} AND {plan.Until} AND (s.expires IS NULL OR s.expires > {now})");
        var row = plan.Kind == ScanKind.Tag ? "(SELECT e.{0} FROM relay_events e WHERE e.seq = s.seq)" : "s.{0}";
        var author = row.Replace("{0}", "pubkey", StringComparison.Ordinal);
        if (plan.ChecksKinds)
        {
            rest.Append(CultureInfo.InvariantCulture, $" AND s.kind = ANY({Kinds(plan.Kinds!)})");
        }

        if (plan.ChecksAuthors)
        {
            rest.Append(CultureInfo.InvariantCulture, $" AND {author} = ANY({Keys(plan.Authors!)})");
        }

        if (plan.ChecksIds)
        {
            rest.Append(CultureInfo.InvariantCulture, $" AND {row.Replace("{0}", "id", StringComparison.Ordinal)} = ANY({Ids(plan.Ids!)})");
        }

        foreach (var tag in plan.TagsToCheck)
        {
            rest.Append(CultureInfo.InvariantCulture, $" AND {HasTag(tag)}");
        }

        if (!audience.SeesAll)
        {
            var addressed = audience.Keys.Count == 0
                ? ""
                : $" OR {HasTag(audience.Keys.Select(static key => IndexKey.OfTag('p', key.ToString())))} OR (s.kind = {NostrKind.EncryptedDirectMessage} AND {author} = ANY({Keys(audience.Keys)}))";
            rest.Append(CultureInfo.InvariantCulture, $" AND (s.kind NOT IN ({NostrKind.EncryptedDirectMessage}, {NostrKind.GiftWrap}){addressed})");
        }

        return rest.ToString();
    }

    private string HasTag(IEnumerable<IndexKey> keys) => $"EXISTS (SELECT 1 FROM relay_tags h WHERE h.seq = s.seq AND h.key = ANY({Tags(keys)}))";

    private string Ids(IEnumerable<EventId> ids) => Parameter(NpgsqlDbType.Array | NpgsqlDbType.Bytea, ids.Select(static id => id.ToByteArray()).ToArray());

    private string Keys(IEnumerable<NostrPublicKey> keys) => Parameter(NpgsqlDbType.Array | NpgsqlDbType.Bytea, keys.Select(static key => key.ToByteArray()).ToArray());

    private string Tags(IEnumerable<IndexKey> keys) => Parameter(NpgsqlDbType.Array | NpgsqlDbType.Bytea, PostgresCommands.ToBytes(keys));

    private string Kinds(IEnumerable<int> kinds) => Parameter(NpgsqlDbType.Array | NpgsqlDbType.Integer, kinds.ToArray());

    private string Words(ScanPlan plan) => Parameter(NpgsqlDbType.Text, string.Join(" & ", plan.Words!.Select(static word => $"'{word}'")));

    private string Parameter(NpgsqlDbType type, object value)
    {
        _parameters.Add(new() { NpgsqlDbType = type, Value = value });
        return string.Create(CultureInfo.InvariantCulture, $"${_parameters.Count}");
    }
}
