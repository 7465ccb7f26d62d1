namespace Bowline.Nats.KeyValueStore;

/// <summary>What an entry did to its key.</summary>
public enum NatsKVOperation
{
    /// <summary>Set its value.</summary>
    Put,

    /// <summary>Deleted it; earlier values stay in the history.</summary>
    Del,

    /// <summary>Deleted it with its history.</summary>
    Purge,
}
