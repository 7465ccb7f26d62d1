using System.Buffers;

namespace Bowline.Tunnel;

/// <summary>
/// Received body bytes that nobody has read yet, in pooled arrays. Bounded by the window, not by itself. Small frames share an array, so
/// a window of tiny frames costs about a window. Not thread-safe: the stream's gate guards it.
/// </summary>
internal sealed class BodyBuffer
{
    private const int SmallArray = 4096;
    private readonly Queue<Piece> _full = new();
    private Piece _tail;
    private int _firstRead;

    public long Length { get; private set; }

    public record struct Piece(byte[]? Array, int Start, int End)
    {
        public readonly int Count => End - Start;

        public readonly ReadOnlyMemory<byte> Memory => Array.AsMemory(Start, Count);

        public readonly void Release()
        {
            if (Array is not null)
            {
                ArrayPool<byte>.Shared.Return(Array);
            }
        }
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        Length += bytes.Length;
        while (!bytes.IsEmpty)
        {
            var room = (_tail.Array?.Length ?? 0) - _tail.End;
            if (room == 0)
            {
                if (_tail.Array is not null)
                {
                    _full.Enqueue(_tail);
                }

                _tail = new(ArrayPool<byte>.Shared.Rent(Math.Max(bytes.Length, SmallArray)), 0, 0);
                room = _tail.Array!.Length;
            }

            var part = Math.Min(room, bytes.Length);
            bytes[..part].CopyTo(_tail.Array.AsSpan(_tail.End));
            _tail.End += part;
            bytes = bytes[part..];
        }
    }

    /// <summary>Takes the oldest array out; the caller returns it to the pool.</summary>
    public bool TryTake(out Piece piece)
    {
        if (_full.TryDequeue(out piece))
        {
            piece.Start += _firstRead;
            _firstRead = 0;
        }
        else
        {
            piece = _tail;
            _tail = default;
            if (piece.Count == 0)
            {
                piece.Release();
                piece = default;
                return false;
            }
        }

        Length -= piece.Count;
        return true;
    }

    /// <summary>Copies out as much as fits.</summary>
    public int Read(Span<byte> destination)
    {
        var copied = 0;
        while (copied < destination.Length && Length > 0)
        {
            var fromTail = !_full.TryPeek(out var piece);
            piece = fromTail ? _tail : piece;
            // The queue holds copies, so how much of its first piece was read is kept beside it.
            var start = fromTail ? piece.Start : piece.Start + _firstRead;
            var part = Math.Min(destination.Length - copied, piece.End - start);
            piece.Array.AsSpan(start, part).CopyTo(destination[copied..]);
            copied += part;
            Length -= part;
            Advance(fromTail, piece, start + part);
        }

        return copied;
    }

    private void Advance(bool fromTail, Piece piece, int position)
    {
        if (position < piece.End)
        {
            if (fromTail)
            {
                _tail.Start = position;
            }
            else
            {
                _firstRead = position - piece.Start;
            }

            return;
        }

        piece.Release();
        if (fromTail)
        {
            _tail = default;
        }
        else
        {
            _ = _full.Dequeue();
            _firstRead = 0;
        }
    }

    public void Clear()
    {
        while (_full.TryDequeue(out var piece))
        {
            piece.Release();
        }

        _tail.Release();
        _tail = default;
        _firstRead = 0;
        Length = 0;
    }
}
