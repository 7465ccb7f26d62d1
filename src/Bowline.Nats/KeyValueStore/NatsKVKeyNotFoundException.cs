namespace Bowline.Nats.KeyValueStore;

/// <summary>The key has no value and never had one, or it has expired.</summary>
public sealed class NatsKVKeyNotFoundException : NatsKVException
{
    /// <summary>Creates the exception.</summary>
    public NatsKVKeyNotFoundException(string key)
        : base($"The key '{key}' does not exist.") => Key = key;

    /// <summary>The key.</summary>
    public string Key { get; }
}
