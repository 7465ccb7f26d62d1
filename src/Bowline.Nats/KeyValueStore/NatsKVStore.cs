using System.Buffers;
using Bowline.Nats.JetStream;

namespace Bowline.Nats.KeyValueStore;

/// <summary>A bucket. Every change has a revision; changes can be made on condition of the last one. Thread-safe.</summary>
public sealed partial class NatsKVStore
{
    private const string OperationHeader = "KV-Operation";
    private readonly NatsJSContext _context;
    private readonly NatsJSStream _stream;

    internal NatsKVStore(NatsJSContext context, string bucket, NatsJSStream stream)
    {
        _context = context;
        _stream = stream;
        Bucket = bucket;
    }

    /// <summary>The bucket's name.</summary>
    public string Bucket { get; }

    internal static string StreamName(string bucket) => "KV_" + bucket;

    /// <summary>Sets a key, whatever it was.</summary>
    /// <returns>The new revision.</returns>
    public async ValueTask<ulong> PutAsync<T>(string key, T value, INatsSerialize<T>? serializer = null, CancellationToken cancellationToken = default) =>
        (await _context.PublishAsync(Subject(key), value, serializer, cancellationToken: cancellationToken).ConfigureAwait(false)).Seq;

    /// <summary>Sets a key that has no value: never had one, expired, or was deleted.</summary>
    /// <returns>The new revision.</returns>
    /// <exception cref="NatsKVCreateException">It has a value.</exception>
    public async ValueTask<ulong> CreateAsync<T>(string key, T value, INatsSerialize<T>? serializer = null, CancellationToken cancellationToken = default)
    {
        try
        {
            return await UpdateAsync(key, value, 0, serializer, cancellationToken).ConfigureAwait(false);
        }
        catch (NatsKVWrongLastRevisionException e)
        {
            // A deletion leaves a marker, which counts as a last revision: replace exactly that marker.
            var last = await _stream.GetLastAsync(Subject(key), cancellationToken).ConfigureAwait(false);
            if (last is not null && OperationOf(last.Headers) == NatsKVOperation.Put)
            {
                throw new NatsKVCreateException(key, e);
            }

            try
            {
                return await UpdateAsync(key, value, last?.Sequence ?? 0, serializer, cancellationToken).ConfigureAwait(false);
            }
            catch (NatsKVWrongLastRevisionException again)
            {
                throw new NatsKVCreateException(key, again);
            }
        }
    }

    /// <summary>Sets a key on condition that its last revision is this one.</summary>
    /// <returns>The new revision.</returns>
    /// <exception cref="NatsKVWrongLastRevisionException">Somebody else changed it first.</exception>
    public async ValueTask<ulong> UpdateAsync<T>(string key, T value, ulong revision, INatsSerialize<T>? serializer = null, CancellationToken cancellationToken = default)
    {
        try
        {
            var opts = new NatsJSPubOpts { ExpectedLastSubjectSequence = revision };
            return (await _context.PublishAsync(Subject(key), value, serializer, opts, cancellationToken: cancellationToken).ConfigureAwait(false)).Seq;
        }
        catch (NatsJSWrongLastSequenceException e)
        {
            throw new NatsKVWrongLastRevisionException(key, revision, e);
        }
    }

    /// <summary>Reads a key.</summary>
    /// <exception cref="NatsKVKeyNotFoundException">It does not exist.</exception>
    /// <exception cref="NatsKVKeyDeletedException">It was deleted.</exception>
    public async ValueTask<NatsKVEntry<T>> GetEntryAsync<T>(string key, INatsDeserialize<T>? serializer = null, CancellationToken cancellationToken = default)
    {
        var last = await _stream.GetLastAsync(Subject(key), cancellationToken).ConfigureAwait(false) ?? throw new NatsKVKeyNotFoundException(key);
        var operation = OperationOf(last.Headers);
        if (operation != NatsKVOperation.Put)
        {
            throw new NatsKVKeyDeletedException(key, last.Sequence);
        }

        serializer ??= _context.Connection.Opts.SerializerRegistry.GetDeserializer<T>();
        var value = serializer.Deserialize(new ReadOnlySequence<byte>(last.Data));
        return new NatsKVEntry<T>(Bucket, key, value, last.Sequence, 0, last.Time, operation);
    }

    /// <summary>Reads a key; null when it has no value.</summary>
    public async ValueTask<NatsKVEntry<T>?> TryGetEntryAsync<T>(string key, INatsDeserialize<T>? serializer = null, CancellationToken cancellationToken = default)
    {
        try
        {
            return await GetEntryAsync(key, serializer, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is NatsKVKeyNotFoundException or NatsKVKeyDeletedException)
        {
            return null;
        }
    }

    /// <summary>Deletes a key, leaving a marker and the history.</summary>
    /// <param name="key">The key.</param>
    /// <param name="revision">On condition that this is its last revision; null for no condition.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="NatsKVWrongLastRevisionException">Somebody else changed it first.</exception>
    public ValueTask DeleteAsync(string key, ulong? revision = null, CancellationToken cancellationToken = default) =>
        MarkAsync(key, new NatsHeaders { { OperationHeader, "DEL" } }, revision, cancellationToken);

    /// <summary>Deletes a key with its history, leaving a marker.</summary>
    /// <param name="key">The key.</param>
    /// <param name="revision">On condition that this is its last revision; null for no condition.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="NatsKVWrongLastRevisionException">Somebody else changed it first.</exception>
    public ValueTask PurgeAsync(string key, ulong? revision = null, CancellationToken cancellationToken = default) =>
        MarkAsync(key, new NatsHeaders { { OperationHeader, "PURGE" }, { "Nats-Rollup", "sub" } }, revision, cancellationToken);

    private async ValueTask MarkAsync(string key, NatsHeaders headers, ulong? revision, CancellationToken cancellationToken)
    {
        try
        {
            var opts = new NatsJSPubOpts { ExpectedLastSubjectSequence = revision };
            await _context.PublishAsync(Subject(key), Array.Empty<byte>(), null, opts, headers, cancellationToken).ConfigureAwait(false);
        }
        catch (NatsJSWrongLastSequenceException e)
        {
            throw new NatsKVWrongLastRevisionException(key, revision ?? 0, e);
        }
    }

    private static NatsKVOperation OperationOf(NatsHeaders? headers) => headers?[OperationHeader] switch
    {
        "DEL" => NatsKVOperation.Del,
        "PURGE" => NatsKVOperation.Purge,
        _ => NatsKVOperation.Put,
    };

    private string Subject(string key) => $"$KV.{Bucket}.{KVKey.Check(key)}";
}
