using System.Buffers;
using System.Collections.Concurrent;

namespace Bowline.WebRtc;

/// <summary>The memory of one message. Buffers are reused; the version tells a message from the one that had its buffer before.</summary>
internal sealed class MessageBuffer
{
    private const int MostKept = 256;

    private static readonly ConcurrentQueue<MessageBuffer> Kept = new();
    private static int _kept;

    private byte[] _bytes = [];
    private int _length;
    private int _version;

    internal int Version => Volatile.Read(ref _version);

    internal int Length => _length;

    internal static MessageBuffer Rent(int capacity)
    {
        if (Kept.TryDequeue(out var buffer))
        {
            Interlocked.Decrement(ref _kept);
        }

        buffer ??= new();
        buffer._bytes = ArrayPool<byte>.Shared.Rent(Math.Max(capacity, 1));
        buffer._length = 0;
        return buffer;
    }

    internal void Append(ReadOnlySpan<byte> part)
    {
        if (_bytes.Length - _length < part.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_length + part.Length, _bytes.Length * 2));
            _bytes.AsSpan(0, _length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = larger;
        }

        part.CopyTo(_bytes.AsSpan(_length));
        _length += part.Length;
    }

    internal ReadOnlyMemory<byte> Read(int version)
    {
        ObjectDisposedException.ThrowIf(version != Version, typeof(DataChannelMessage));
        return _bytes.AsMemory(0, _length);
    }

    internal void Return(int version)
    {
        if (Interlocked.CompareExchange(ref _version, version + 1, version) != version)
        {
            return;
        }

        ArrayPool<byte>.Shared.Return(_bytes);
        (_bytes, _length) = ([], 0);
        if (Interlocked.Increment(ref _kept) <= MostKept)
        {
            Kept.Enqueue(this);
        }
        else
        {
            Interlocked.Decrement(ref _kept);
        }
    }
}
