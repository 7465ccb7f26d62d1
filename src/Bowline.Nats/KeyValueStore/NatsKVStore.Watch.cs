using System.Runtime.CompilerServices;
using Bowline.Nats.JetStream;

namespace Bowline.Nats.KeyValueStore;

public sealed partial class NatsKVStore
{
    /// <summary>Tells the values of keys and then every change, in order, over every loss of the connection.</summary>
    /// <param name="filter">The keys, wildcards allowed; <c>&gt;</c> for all.</param>
    /// <param name="serializer">Reads the values; null for the connection's own.</param>
    /// <param name="opts">What is told.</param>
    /// <param name="cancellationToken">Ends the watch.</param>
    /// <remarks>A value that expires by the bucket's age limit is not told: poll for that.</remarks>
    public async IAsyncEnumerable<NatsKVEntry<T>> WatchAsync<T>(
        string filter = ">", INatsDeserialize<T>? serializer = null, NatsKVWatchOpts? opts = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        opts ??= new NatsKVWatchOpts();
        var prefix = $"$KV.{Bucket}.";
        var consumer = new NatsJSOrderedConsumer(_context, StreamName(Bucket), ToConsumer(prefix + KVKey.CheckFilter(filter), opts))
        {
            Started = info => NotifyIfEmpty(info, opts),
        };
        await foreach (var msg in consumer.ConsumeAsync(serializer, cancellationToken).ConfigureAwait(false))
        {
            var operation = OperationOf(msg.Headers);
            if (operation != NatsKVOperation.Put && opts.IgnoreDeletes)
            {
                continue;
            }

            msg.Msg.EnsureSuccess();
            var value = operation == NatsKVOperation.Put && !opts.MetaOnly ? msg.Data : default;
            yield return new NatsKVEntry<T>(
                Bucket, msg.Subject[prefix.Length..], value, msg.Metadata.StreamSequence, msg.Metadata.NumPending, msg.Metadata.Timestamp, operation);
        }
    }

    /// <summary>The keys that have a value now.</summary>
    public async IAsyncEnumerable<string> GetKeysAsync(string filter = ">", [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var entry in SnapshotAsync<byte[]>(filter, new NatsKVWatchOpts { MetaOnly = true }, null, cancellationToken).ConfigureAwait(false))
        {
            if (entry.Operation == NatsKVOperation.Put)
            {
                yield return entry.Key;
            }
        }
    }

    /// <summary>The values of a key that the bucket still holds, oldest first, deletions included.</summary>
    public IAsyncEnumerable<NatsKVEntry<T>> HistoryAsync<T>(string key, INatsDeserialize<T>? serializer = null, CancellationToken cancellationToken = default) =>
        SnapshotAsync(KVKey.Check(key), new NatsKVWatchOpts { IncludeHistory = true }, serializer, cancellationToken);

    private async IAsyncEnumerable<NatsKVEntry<T>> SnapshotAsync<T>(
        string filter, NatsKVWatchOpts opts, INatsDeserialize<T>? serializer, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var nothing = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var entries = WatchAsync(filter, serializer, opts with { OnNoData = nothing.Cancel }, nothing.Token).GetAsyncEnumerator(CancellationToken.None);
        await using (entries.ConfigureAwait(false))
        {
            while (true)
            {
                try
                {
                    if (!await entries.MoveNextAsync().ConfigureAwait(false))
                    {
                        yield break;
                    }
                }
                catch (OperationCanceledException) when (nothing.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
                {
                    yield break;
                }

                yield return entries.Current;
                if (entries.Current.Delta == 0)
                {
                    yield break;
                }
            }
        }
    }

    private static NatsJSOrderedConsumerOpts ToConsumer(string filter, NatsKVWatchOpts opts) => new()
    {
        FilterSubject = filter,
        HeadersOnly = opts.MetaOnly,
        DeliverPolicy = opts.UpdatesOnly ? ConsumerConfigDeliverPolicy.New
            : opts.IncludeHistory ? ConsumerConfigDeliverPolicy.All : ConsumerConfigDeliverPolicy.LastPerSubject,
        Consume = new NatsJSConsumeOpts { IdleHeartbeat = opts.IdleHeartbeat },
    };

    private static void NotifyIfEmpty(ConsumerInfo info, NatsKVWatchOpts opts)
    {
        if (info.NumPending == 0)
        {
            opts.OnNoData?.Invoke();
        }
    }
}
