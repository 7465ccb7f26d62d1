namespace Bowline.Nats.KeyValueStore;

/// <summary>What a watcher is told.</summary>
public sealed record NatsKVWatchOpts
{
    /// <summary>Leave deletions out.</summary>
    public bool IgnoreDeletes { get; init; }

    /// <summary>Tell changes from now on only, not the values that are there.</summary>
    public bool UpdatesOnly { get; init; }

    /// <summary>Tell all values that the history holds, not the last of each key.</summary>
    public bool IncludeHistory { get; init; }

    /// <summary>Leave values out.</summary>
    public bool MetaOnly { get; init; }

    /// <summary>Called when there is nothing to tell at the start.</summary>
    public Action? OnNoData { get; init; }

    /// <summary>How often the server says that it is still there. Two missed ones mean that the watcher starts again behind the last entry.</summary>
    /// <value>2 s.</value>
    public TimeSpan IdleHeartbeat { get; init; } = TimeSpan.FromSeconds(2);
}
