namespace Bowline.Nats;

/// <summary>Bytes in the usual shapes, and strings as UTF-8.</summary>
public sealed class NatsDefaultSerializerRegistry : INatsSerializerRegistry
{
    /// <summary>The one instance.</summary>
    public static readonly NatsDefaultSerializerRegistry Default = new();

    /// <inheritdoc/>
    public INatsSerialize<T> GetSerializer<T>() => NatsRawSerializer<T>.Default;

    /// <inheritdoc/>
    public INatsDeserialize<T> GetDeserializer<T>() => NatsRawSerializer<T>.Default;
}
