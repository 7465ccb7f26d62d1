namespace Bowline.Nats.Server;

/// <summary>JetStream's storage. The server does not lock the folder: whoever starts it must.</summary>
/// <param name="StoreDirectory">The folder of file streams.</param>
public sealed record NatsServerJetStream(string StoreDirectory)
{
    /// <summary>Most bytes of memory streams.</summary>
    /// <value>64 MiB.</value>
    public long MaxMemory { get; init; } = 64L << 20;

    /// <summary>Most bytes of file streams.</summary>
    /// <value>2 GiB.</value>
    public long MaxFile { get; init; } = 2L << 30;
}
