namespace Bowline.Nats.KeyValueStore;

/// <summary>The key exists already.</summary>
public sealed class NatsKVCreateException : NatsKVException
{
    /// <summary>Creates the exception.</summary>
    public NatsKVCreateException(string key, Exception? inner = null)
        : base($"The key '{key}' exists already.", inner) => Key = key;

    /// <summary>The key.</summary>
    public string Key { get; }
}
