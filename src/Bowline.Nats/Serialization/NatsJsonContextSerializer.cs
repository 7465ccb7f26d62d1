using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Bowline.Nats;

/// <summary>JSON by source generation.</summary>
/// <param name="typeInfo">The generated description of <typeparamref name="T"/>.</param>
public sealed class NatsJsonContextSerializer<T>(JsonTypeInfo<T> typeInfo) : INatsSerializer<T>
{
    [ThreadStatic]
    private static Utf8JsonWriter? _threadWriter;

    /// <summary>Takes the description of <typeparamref name="T"/> from a context.</summary>
    /// <exception cref="NatsException">The context does not know the type.</exception>
    public NatsJsonContextSerializer(JsonSerializerContext context)
        : this(context?.GetTypeInfo(typeof(T)) as JsonTypeInfo<T> ?? throw new NatsException($"The JSON context does not know {typeof(T)}."))
    {
    }

    /// <inheritdoc/>
    public void Serialize(IBufferWriter<byte> bufferWriter, T value)
    {
        var writer = _threadWriter ??= new Utf8JsonWriter(bufferWriter);
        writer.Reset(bufferWriter);
        JsonSerializer.Serialize(writer, value, typeInfo);
        writer.Flush();
    }

    /// <inheritdoc/>
    public T? Deserialize(in ReadOnlySequence<byte> buffer)
    {
        if (buffer.IsEmpty)
        {
            return default;
        }

        var reader = new Utf8JsonReader(buffer);
        return JsonSerializer.Deserialize(ref reader, typeInfo);
    }
}
