using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Bowline.Tunnel;

/// <summary>A pooled array that grows: the frame header's room first, then the head block, then an inlined body.</summary>
internal struct HeadWriter(int start)
{
    private byte[] _array = ArrayPool<byte>.Shared.Rent(1024);
    private int _length = start;

    public readonly int Length => _length;

    public readonly byte[] Array => _array;

    public readonly Memory<byte> Written => _array.AsMemory(0, _length);

    public void Byte(byte value) => Take(1)[0] = value;

    public void U16(int value) => BinaryPrimitives.WriteUInt16LittleEndian(Take(2), (ushort)value);

    public void U32(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Take(4), value);

    public void I64(long value) => BinaryPrimitives.WriteInt64LittleEndian(Take(8), value);

    public void Text(string value)
    {
        var size = Encoding.UTF8.GetByteCount(value);
        if (size > ushort.MaxValue)
        {
            throw new TunnelException(TunnelError.RequestHeadTooLarge);
        }

        U16(size);
        _ = Encoding.UTF8.GetBytes(value, Take(size));
    }

    public void Bytes(ReadOnlySpan<byte> value) => value.CopyTo(Take(value.Length));

    public void Headers(TunnelHeaders headers)
    {
        U16(headers.Count);
        for (var i = 0; i < headers.Count; i++)
        {
            Text(headers[i].Key);
            Text(headers[i].Value);
        }
    }

    public readonly void PatchU32(int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(_array.AsSpan(at), value);

    public void Dispose()
    {
        if (_array.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_array);
            _array = [];
        }
    }

    public Span<byte> Take(int size)
    {
        if (_array.Length - _length < size)
        {
            var bigger = ArrayPool<byte>.Shared.Rent(Math.Max(_length + size, _array.Length * 2));
            _array.AsSpan(0, _length).CopyTo(bigger);
            ArrayPool<byte>.Shared.Return(_array);
            _array = bigger;
        }

        var span = _array.AsSpan(_length, size);
        _length += size;
        return span;
    }
}
