using System.Globalization;
using Bowline.Nostr;
using Bowline.Relay.Indexing;
using Npgsql;
using NpgsqlTypes;

namespace Bowline.Relay.Postgres;

/// <summary>The commands of a writing transaction. Arrays are unnested: one statement for any number of rows.</summary>
internal static class PostgresCommands
{
    private const NpgsqlDbType Bytes = NpgsqlDbType.Array | NpgsqlDbType.Bytea;
    private const NpgsqlDbType Numbers = NpgsqlDbType.Array | NpgsqlDbType.Bigint;
    private const NpgsqlDbType Kinds = NpgsqlDbType.Array | NpgsqlDbType.Integer;
    private const NpgsqlDbType Texts = NpgsqlDbType.Array | NpgsqlDbType.Text;

    public static NpgsqlBatchCommand Lock() => new(string.Create(CultureInfo.InvariantCulture, $"SELECT pg_advisory_xact_lock({PostgresSchema.WriteLock})"));

    public static NpgsqlBatchCommand NextSequences(int count) => Command("SELECT nextval('relay_events_seq') FROM generate_series(1, $1)", (NpgsqlDbType.Integer, count));

    public static NpgsqlBatchCommand FindIds(IEnumerable<EventId> ids) =>
        Command("SELECT id, seq, kind, pubkey FROM relay_events WHERE id = ANY($1)", (Bytes, ids.Select(static id => id.ToByteArray()).ToArray()));

    public static NpgsqlBatchCommand FindDeleted(IEnumerable<IndexKey> keys) => Command("SELECT key, until FROM relay_deleted WHERE key = ANY($1)", (Bytes, ToBytes(keys)));

    public static NpgsqlBatchCommand FindAddresses(IEnumerable<IndexKey> addresses) =>
        Command("SELECT address, seq, created_at, id FROM relay_events WHERE address = ANY($1)", (Bytes, ToBytes(addresses)));

    public static IEnumerable<NpgsqlBatchCommand> Remove(IReadOnlyCollection<long> sequences) => sequences.Count == 0
        ? []
        :
        [
            Command("DELETE FROM relay_tags WHERE seq = ANY($1)", (Numbers, sequences.ToArray())),
            Command("DELETE FROM relay_events WHERE seq = ANY($1)", (Numbers, sequences.ToArray())),
        ];

    public static NpgsqlBatchCommand FindExpired(long now, int most) =>
        Command("SELECT seq FROM relay_events WHERE expires <= $1 LIMIT $2", (NpgsqlDbType.Bigint, now), (NpgsqlDbType.Integer, most));

    public static IEnumerable<NpgsqlBatchCommand> Insert(IReadOnlyCollection<IndexedEvent> events, IReadOnlyList<long> sequences)
    {
        if (events.Count == 0)
        {
            yield break;
        }

        yield return Command(
            "INSERT INTO relay_events (seq, id, pubkey, created_at, ord, kind, expires, address, words, json) "
            + "SELECT s, i, p, c, o, k, e, a, w::tsvector, j FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) AS v(s, i, p, c, o, k, e, a, w, j)",
            (Numbers, sequences.Take(events.Count).ToArray()),
            (Bytes, events.Select(static e => e.Id.ToByteArray()).ToArray()),
            (Bytes, events.Select(static e => e.PublicKey.ToByteArray()).ToArray()),
            (Numbers, events.Select(static e => e.CreatedAt).ToArray()),
            (Numbers, events.Select(static e => e.Order).ToArray()),
            (Kinds, events.Select(static e => e.Kind).ToArray()),
            (Numbers, events.Select(static e => e.Expires).ToArray()),
            (Bytes, events.Select(static e => e.Address?.ToByteArray()).ToArray()),
            (Texts, events.Select(static e => ToVector(e.Words)).ToArray()),
            (Bytes, events.Select(static e => e.Json.ToArray()).ToArray()));
        var tags = events.Zip(sequences).SelectMany(static pair => pair.First.Tags.Select(key => (pair.Second, Key: key, Event: pair.First))).ToArray();
        if (tags.Length > 0)
        {
            yield return Command(
                "INSERT INTO relay_tags (seq, key, created_at, ord, kind, expires) SELECT * FROM unnest($1, $2, $3, $4, $5, $6)",
                (Numbers, tags.Select(static t => t.Second).ToArray()),
                (Bytes, tags.Select(static t => t.Key.ToByteArray()).ToArray()),
                (Numbers, tags.Select(static t => t.Event.CreatedAt).ToArray()),
                (Numbers, tags.Select(static t => t.Event.Order).ToArray()),
                (Kinds, tags.Select(static t => t.Event.Kind).ToArray()),
                (Numbers, tags.Select(static t => t.Event.Expires).ToArray()));
        }
    }

    public static NpgsqlBatchCommand MarkDeleted(IReadOnlyCollection<(IndexKey Key, long Until)> marks) => Command(
        "INSERT INTO relay_deleted (key, until) SELECT * FROM unnest($1, $2) ON CONFLICT (key) DO UPDATE SET until = greatest(relay_deleted.until, excluded.until)",
        (Bytes, ToBytes(marks.Select(static mark => mark.Key))),
        (Numbers, marks.Select(static mark => mark.Until).ToArray()));

    public static NpgsqlBatchCommand Command(string sql, params ReadOnlySpan<(NpgsqlDbType Type, object Value)> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var (type, value) in parameters)
        {
            command.Parameters.Add(new() { NpgsqlDbType = type, Value = value });
        }

        return command;
    }

    public static byte[][] ToBytes(IEnumerable<IndexKey> keys) => [.. keys.Select(static key => key.ToByteArray())];

    // Words are letters and digits only, so that quotes need no escape.
    private static string? ToVector(IReadOnlyList<string> words) => words.Count == 0 ? null : $"'{string.Join("' '", words)}'";
}
