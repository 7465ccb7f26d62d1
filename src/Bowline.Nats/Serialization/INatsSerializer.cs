using System.Buffers;

namespace Bowline.Nats;

/// <summary>Writes values as payloads.</summary>
public interface INatsSerialize<in T>
{
    /// <summary>Writes <paramref name="value"/>.</summary>
    public void Serialize(IBufferWriter<byte> bufferWriter, T value);
}

/// <summary>Reads values from payloads.</summary>
public interface INatsDeserialize<out T>
{
    /// <summary>Reads a value. The buffer must not be kept: it is the connection's read buffer.</summary>
    public T? Deserialize(in ReadOnlySequence<byte> buffer);
}

/// <summary>Both directions.</summary>
public interface INatsSerializer<T> : INatsSerialize<T>, INatsDeserialize<T>;

/// <summary>Chooses a serializer for a type.</summary>
public interface INatsSerializerRegistry
{
    /// <summary>The serializer of <typeparamref name="T"/>.</summary>
    public INatsSerialize<T> GetSerializer<T>();

    /// <summary>The deserializer of <typeparamref name="T"/>.</summary>
    public INatsDeserialize<T> GetDeserializer<T>();
}
