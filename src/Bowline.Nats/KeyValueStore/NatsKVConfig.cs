using Bowline.Nats.JetStream;

namespace Bowline.Nats.KeyValueStore;

/// <summary>A bucket to be made.</summary>
/// <param name="Bucket">Its name: letters, digits, underscore and dash.</param>
public sealed record NatsKVConfig(string Bucket)
{
    // The server's own default; it must not exceed the age limit.
    private static readonly TimeSpan DefaultDuplicateWindow = TimeSpan.FromMinutes(2);

    /// <summary>Words for people.</summary>
    public string? Description { get; init; }

    /// <summary>Values kept of each key.</summary>
    /// <value>1.</value>
    public int History { get; init; } = 1;

    /// <summary>How long after it was written a value disappears, without any event; null for never. At least 100 ms.</summary>
    public TimeSpan? MaxAge { get; init; }

    /// <summary>Most bytes of the bucket; null for no limit.</summary>
    public long? MaxBytes { get; init; }

    /// <summary>Most bytes of a value; null for no limit.</summary>
    public int? MaxValueSize { get; init; }

    /// <summary>Where it lives.</summary>
    public StreamConfigStorage Storage { get; init; } = StreamConfigStorage.File;

    /// <summary>How many servers keep it.</summary>
    public int NumberOfReplicas { get; init; } = 1;

    internal StreamConfig ToStream() => new()
    {
        Name = NatsKVStore.StreamName(Bucket),
        Description = Description,
        Subjects = [$"$KV.{Bucket}.>"],
        MaxMsgsPerSubject = History,
        MaxAge = MaxAge,
        DuplicateWindow = MaxAge is { } age && age < DefaultDuplicateWindow ? age : DefaultDuplicateWindow,
        MaxBytes = MaxBytes ?? -1,
        MaxMsgSize = MaxValueSize ?? -1,
        MaxMsgs = -1,
        MaxConsumers = -1,
        Discard = StreamConfigDiscard.New,
        Retention = StreamConfigRetention.Limits,
        Storage = Storage,
        NumReplicas = NumberOfReplicas,
        AllowRollupHdrs = true,
        DenyDelete = true,
        AllowDirect = true,
    };
}
