namespace Bowline.Nats.KeyValueStore;

/// <summary>A value of a key.</summary>
/// <param name="Bucket">The bucket.</param>
/// <param name="Key">The key.</param>
/// <param name="Value">The value; default for a deletion.</param>
/// <param name="Revision">The entry's revision, which grows with every change in the bucket.</param>
/// <param name="Delta">How many entries a watcher has still to be told; 0 when it is up to date.</param>
/// <param name="Created">When it was written.</param>
/// <param name="Operation">What it did.</param>
public sealed record NatsKVEntry<T>(string Bucket, string Key, T? Value, ulong Revision, ulong Delta, DateTimeOffset Created, NatsKVOperation Operation);
