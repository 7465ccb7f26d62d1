using System.Buffers;

namespace Bowline.WebRtc;

/// <summary>
/// Datagrams that leave together, behind one another in one buffer, which is only there while something waits. Each run of them is of one
/// size, but for its last one, which may be shorter: what <see cref="DirectSocket"/> takes. Not thread-safe.
/// </summary>
internal sealed class DatagramQueue
{
    private const int Capacity = DirectSocket.MostDatagrams * IDatagramPath.LongestDatagram;

    private readonly ushort[] _lengths = new ushort[DirectSocket.MostDatagrams];
    private byte[]? _bytes;
    private int _end;
    private int _count;
    private int _first;
    private int _begin;

    /// <summary>False when it is full.</summary>
    internal bool TryAdd(ReadOnlySpan<byte> datagram)
    {
        if (_count == _lengths.Length || _end + datagram.Length > Capacity)
        {
            return false;
        }

        _bytes ??= ArrayPool<byte>.Shared.Rent(Capacity);
        datagram.CopyTo(_bytes.AsSpan(_end));
        _end += datagram.Length;
        _lengths[_count++] = (ushort)datagram.Length;
        return true;
    }

    /// <summary>The next run, and the size of its datagrams; false when there is none, and then the buffer is given back.</summary>
    internal bool TryTake(out ReadOnlySpan<byte> run, out int size)
    {
        if (_first == _count)
        {
            Clear();
            run = default;
            size = 0;
            return false;
        }

        size = _lengths[_first++];
        var begin = _begin;
        _begin += size;
        while (_first < _count && _lengths[_first] is var length && length <= size)
        {
            _begin += length;
            _first++;
            if (length < size)
            {
                break;
            }
        }

        run = _bytes.AsSpan(begin, _begin - begin);
        return true;
    }

    private void Clear()
    {
        if (_bytes is { } bytes)
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }

        (_bytes, _end, _count, _first, _begin) = (null, 0, 0, 0, 0);
    }
}
