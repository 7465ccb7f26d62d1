using Bowline.Nostr;
using Bowline.Relay.Indexing;
using Npgsql;

namespace Bowline.Relay.Postgres;

/// <summary>What adding events does, inside one transaction that holds the writers' lock. Two round trips for any number of events without a deletion.</summary>
internal sealed class PostgresApply(NpgsqlConnection connection, NpgsqlTransaction transaction)
{
    private bool _hasLock;

    /// <summary>Adds events one after another; the answers are in their order.</summary>
    public async Task<StoreOutcome[]> AddAsync(IReadOnlyList<IndexedEvent> events)
    {
        var outcomes = new List<StoreOutcome>(events.Count);
        for (var from = 0; from < events.Count;)
        {
            // A deletion looks at what stands before it, so what comes before it is written first.
            var count = events[from].Deletion is not null ? 1 : events.Skip(from).TakeWhile(static e => e.Deletion is null).Count();
            outcomes.AddRange(events[from].Deletion is null
                ? await AddRunAsync([.. events.Skip(from).Take(count)]).ConfigureAwait(false)
                : [await AddDeletionAsync(events[from]).ConfigureAwait(false)]);
            from += count;
        }

        return [.. outcomes];
    }

    /// <summary>Removes some of what has expired; returns how many.</summary>
    public async Task<int> RemoveExpiredAsync(long now, int most)
    {
        var expired = new List<long>();
        await QueryAsync([PostgresCommands.FindExpired(now, most)], (_, row) => expired.Add(row.GetInt64(0))).ConfigureAwait(false);
        await ExecuteAsync(PostgresCommands.Remove(expired)).ConfigureAwait(false);
        return expired.Count;
    }

    private async Task<StoreOutcome[]> AddRunAsync(IndexedEvent[] events)
    {
        var run = new PostgresRun();
        var sequences = new List<long>(events.Length);
        await QueryAsync(
            [
                PostgresCommands.FindIds(events.Select(static e => e.Id).Distinct()),
                PostgresCommands.FindDeleted(events.SelectMany(static e => e.Address is { } address ? [e.Deleted, address] : (IndexKey[])[e.Deleted]).Distinct()),
                PostgresCommands.FindAddresses(events.Where(static e => e.Address is not null).Select(static e => e.Address!.Value).Distinct()),
                PostgresCommands.NextSequences(events.Length),
            ],
            (result, row) =>
            {
                switch (result)
                {
                    case 0:
                        _ = run.Present.Add(Id(row, 0));
                        break;
                    case 1:
                        run.Deleted[Key(row, 0)] = row.GetInt64(1);
                        break;
                    case 2:
                        run.Current[Key(row, 0)] = (row.GetInt64(1), row.GetInt64(2), Id(row, 3));
                        break;
                    default:
                        sequences.Add(row.GetInt64(0));
                        break;
                }
            }).ConfigureAwait(false);
        var outcomes = Array.ConvertAll(events, run.Add);
        await ExecuteAsync([.. PostgresCommands.Remove(run.Removes), .. PostgresCommands.Insert(run.Inserts.Values, sequences)]).ConfigureAwait(false);
        return outcomes;
    }

    private async Task<StoreOutcome> AddDeletionAsync(IndexedEvent value)
    {
        var deletion = value.Deletion!;
        var isPresent = false;
        var removes = new List<long>();
        var foreign = new HashSet<EventId>();
        var sequences = new List<long>();
        await QueryAsync(
            [
                PostgresCommands.FindIds([value.Id]),
                PostgresCommands.FindIds(deletion.Ids),
                PostgresCommands.FindAddresses(deletion.Addresses),
                PostgresCommands.NextSequences(1),
            ],
            (result, row) =>
            {
                switch (result)
                {
                    case 0:
                        isPresent = true;
                        break;
                    case 1 when NostrPublicKey.FromBytes(row.GetFieldValue<byte[]>(3)) != value.PublicKey || row.GetInt32(2) == NostrKind.Deletion:
                        _ = foreign.Add(Id(row, 0));
                        break;
                    case 1:
                        removes.Add(row.GetInt64(1));
                        break;
                    case 2 when row.GetInt64(2) <= value.CreatedAt:
                        removes.Add(row.GetInt64(1));
                        break;
                    case 3:
                        sequences.Add(row.GetInt64(0));
                        break;
                    default:
                        break;
                }
            }).ConfigureAwait(false);
        if (isPresent)
        {
            return StoreOutcome.Duplicate;
        }

        // Also what is not here: it may come later, and is then refused if it is this author's.
        var marks = deletion.Ids.Where(id => !foreign.Contains(id)).Select(id => (IndexKey.OfDeleted(id, value.PublicKey), long.MaxValue))
            .Concat(deletion.Addresses.Select(address => (address, value.CreatedAt)))
            .ToArray();
        await ExecuteAsync([.. PostgresCommands.Remove(removes), .. PostgresCommands.Insert([value], sequences), PostgresCommands.MarkDeleted(marks)]).ConfigureAwait(false);
        return StoreOutcome.Stored;
    }

    private async Task QueryAsync(IEnumerable<NpgsqlBatchCommand> commands, Action<int, NpgsqlDataReader> row)
    {
        var batch = Batch(commands);
        await using var disposing = batch.ConfigureAwait(false);
        var skipped = 0;
        if (!_hasLock)
        {
            // Each statement sees what was committed before it starts, and the next ones start when the lock is ours.
            batch.BatchCommands.Insert(0, PostgresCommands.Lock());
            skipped = 1;
            _hasLock = true;
        }

        var reader = await batch.ExecuteReaderAsync().ConfigureAwait(false);
        await using var closing = reader.ConfigureAwait(false);
        var result = -skipped;
        do
        {
            while (await reader.ReadAsync().ConfigureAwait(false))
            {
                if (result >= 0)
                {
                    row(result, reader);
                }
            }

            result++;
        }
        while (await reader.NextResultAsync().ConfigureAwait(false));
    }

    private async Task ExecuteAsync(IEnumerable<NpgsqlBatchCommand> commands)
    {
        var batch = Batch(commands);
        await using var disposing = batch.ConfigureAwait(false);
        if (batch.BatchCommands.Count > 0)
        {
            _ = await batch.ExecuteNonQueryAsync().ConfigureAwait(false);
        }
    }

    private NpgsqlBatch Batch(IEnumerable<NpgsqlBatchCommand> commands)
    {
        var batch = new NpgsqlBatch(connection, transaction);
        foreach (var command in commands)
        {
            batch.BatchCommands.Add(command);
        }

        return batch;
    }

    private static EventId Id(NpgsqlDataReader row, int column) => EventId.FromBytes(row.GetFieldValue<byte[]>(column));

    private static IndexKey Key(NpgsqlDataReader row, int column) => IndexKey.Read(row.GetFieldValue<byte[]>(column));
}
