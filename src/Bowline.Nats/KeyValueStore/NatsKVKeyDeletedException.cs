namespace Bowline.Nats.KeyValueStore;

/// <summary>The key was deleted or purged.</summary>
public sealed class NatsKVKeyDeletedException : NatsKVException
{
    /// <summary>Creates the exception.</summary>
    public NatsKVKeyDeletedException(string key, ulong revision)
        : base($"The key '{key}' was deleted at revision {revision}.") => (Key, Revision) = (key, revision);

    /// <summary>The key.</summary>
    public string Key { get; }

    /// <summary>The revision of its deletion.</summary>
    public ulong Revision { get; }
}
