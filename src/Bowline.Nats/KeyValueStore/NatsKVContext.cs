using Bowline.Nats.JetStream;

namespace Bowline.Nats.KeyValueStore;

/// <summary>Key-value buckets over JetStream.</summary>
/// <param name="context">JetStream.</param>
public sealed class NatsKVContext(NatsJSContext context)
{
    private readonly NatsJSContext _context = context ?? throw new ArgumentNullException(nameof(context));

    /// <summary>Creates a bucket; the same again is success.</summary>
    /// <exception cref="NatsJSApiException">Refused, for example because it exists with another configuration.</exception>
    public async ValueTask<NatsKVStore> CreateStoreAsync(NatsKVConfig config, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(config);
        NatsName.Check(config.Bucket, "bucket");
        ArgumentOutOfRangeException.ThrowIfLessThan(config.History, 1, nameof(config));
        return new NatsKVStore(_context, config.Bucket, await _context.CreateStreamAsync(config.ToStream(), cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Creates a bucket with default settings.</summary>
    public ValueTask<NatsKVStore> CreateStoreAsync(string bucket, CancellationToken cancellationToken = default) =>
        CreateStoreAsync(new NatsKVConfig(bucket), cancellationToken);

    /// <summary>Opens a bucket.</summary>
    /// <exception cref="NatsJSApiException">It does not exist (<see cref="NatsJSErrorCode.StreamNotFound"/>).</exception>
    public async ValueTask<NatsKVStore> GetStoreAsync(string bucket, CancellationToken cancellationToken = default) =>
        new(_context, NatsName.Check(bucket, "bucket"), await _context.GetStreamAsync(NatsKVStore.StreamName(bucket), cancellationToken).ConfigureAwait(false));

    /// <summary>Deletes a bucket with all its values.</summary>
    /// <exception cref="NatsJSApiException">It does not exist (<see cref="NatsJSErrorCode.StreamNotFound"/>).</exception>
    public ValueTask DeleteStoreAsync(string bucket, CancellationToken cancellationToken = default) =>
        _context.DeleteStreamAsync(NatsKVStore.StreamName(NatsName.Check(bucket, "bucket")), cancellationToken);
}
