using System.Buffers;
using System.Text;

namespace Bowline.Nats;

/// <summary>
/// byte[], Memory, ReadOnlyMemory, ReadOnlySequence and NatsMemoryOwner of byte, and string (UTF-8). Received bytes are copied, because the read
/// buffer is reused; <see cref="NatsMemoryOwner{T}"/> copies into pooled memory, without garbage.
/// </summary>
public sealed class NatsRawSerializer<T> : INatsSerializer<T>
{
    /// <summary>The one instance.</summary>
    public static readonly NatsRawSerializer<T> Default = new();

    /// <inheritdoc/>
    public void Serialize(IBufferWriter<byte> bufferWriter, T value)
    {
        ArgumentNullException.ThrowIfNull(bufferWriter);
        switch (value)
        {
            case null:
                break;
            case byte[] bytes:
                bufferWriter.Write(bytes);
                break;
            case ReadOnlyMemory<byte> memory:
                bufferWriter.Write(memory.Span);
                break;
            case Memory<byte> memory:
                bufferWriter.Write(memory.Span);
                break;
            case NatsMemoryOwner<byte> owner:
                bufferWriter.Write(owner.Span);
                owner.Dispose();
                break;
            case ReadOnlySequence<byte> sequence:
                foreach (var segment in sequence)
                {
                    bufferWriter.Write(segment.Span);
                }

                break;
            case string text:
                Encoding.UTF8.GetBytes(text, bufferWriter);
                break;
            default:
                throw new NatsException($"No serializer for {typeof(T)}; pass one, for example NatsJsonContextSerializer.");
        }
    }

    /// <inheritdoc/>
    public T? Deserialize(in ReadOnlySequence<byte> buffer)
    {
        if (typeof(T) == typeof(NatsMemoryOwner<byte>))
        {
            var owner = NatsMemoryOwner<byte>.Allocate((int)buffer.Length);
            buffer.CopyTo(owner.Span);
            return (T)(object)owner;
        }

        if (typeof(T) == typeof(byte[]))
        {
            return (T)(object)buffer.ToArray();
        }

        if (typeof(T) == typeof(string))
        {
            return (T)(object)Encoding.UTF8.GetString(buffer);
        }

        if (typeof(T) == typeof(ReadOnlyMemory<byte>))
        {
            return (T)(object)new ReadOnlyMemory<byte>(buffer.ToArray());
        }

        if (typeof(T) == typeof(Memory<byte>))
        {
            return (T)(object)new Memory<byte>(buffer.ToArray());
        }

        if (typeof(T) == typeof(ReadOnlySequence<byte>))
        {
            return (T)(object)new ReadOnlySequence<byte>(buffer.ToArray());
        }

        throw new NatsException($"No deserializer for {typeof(T)}; pass one, for example NatsJsonContextSerializer.");
    }
}
