namespace Bowline.Nats.KeyValueStore;

/// <summary>The key was changed by somebody else: its revision is not the expected one.</summary>
public sealed class NatsKVWrongLastRevisionException : NatsKVException
{
    /// <summary>Creates the exception.</summary>
    public NatsKVWrongLastRevisionException(string key, ulong expected, Exception? inner = null)
        : base($"The last revision of key '{key}' is not {expected}.", inner) => (Key, Expected) = (key, expected);

    /// <summary>The key.</summary>
    public string Key { get; }

    /// <summary>The revision that was expected.</summary>
    public ulong Expected { get; }
}
