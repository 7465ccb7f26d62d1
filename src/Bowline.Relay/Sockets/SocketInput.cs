using System.Buffers;

namespace Bowline.Relay;

/// <summary>
/// Messages from a WebSocket client. While nothing comes it holds no buffer: it waits with a read of no bytes. A message is counted by
/// its frames' heads, so one that is too long is refused before it is read, and room is made only as bytes arrive.
/// </summary>
internal sealed class SocketInput(Stream stream, int maxMessageBytes) : IDisposable
{
    private const int FirstBuffer = 16 * 1024;

    private byte[]? _buffer;
    private int _start;
    private int _end;
    private byte[]? _pieces;
    private int _piecesLength;
    private FrameKind _piecesKind = FrameKind.Continuation;
    private bool _piecesDone;

    /// <summary>The next message, if it is here already; its payload is good until the next call.</summary>
    public bool TryRead(out SocketInputResult result)
    {
        if (_piecesDone)
        {
            DropPieces();
        }

        return TryTake(out result);
    }

    /// <summary>The next message, when it comes; its payload is good until the next call.</summary>
    /// <exception cref="IOException">The connection broke.</exception>
    public async ValueTask<SocketInputResult> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (TryRead(out var result))
            {
                return result;
            }

            if (_buffer is null)
            {
                // One that waits for a connection that says nothing; the next read brings its bytes.
                _ = await stream.ReadAsync(Memory<byte>.Empty, cancellationToken).ConfigureAwait(false);
            }

            MakeRoom();
            var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                return new(SocketInputKind.End, default, 0, null);
            }

            _end += read;
        }
    }

    /// <summary>Reads and forgets until the client ends the connection.</summary>
    public async Task DrainAsync()
    {
        _start = _end = 0;
        _buffer ??= ArrayPool<byte>.Shared.Rent(FirstBuffer);
        while (await stream.ReadAsync(_buffer, CancellationToken.None).ConfigureAwait(false) > 0)
        {
            _end = 0;
        }
    }

    public void Dispose()
    {
        DropPieces();
        if (_buffer is not null)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = null;
        }
    }

    private bool TryTake(out SocketInputResult result)
    {
        while (_buffer is not null && FrameHeader.TryRead(_buffer.AsSpan(_start, _end - _start), out var header, out var problem))
        {
            problem ??= FindSequenceProblem(header);
            if (problem is not null)
            {
                result = new(SocketInputKind.Malformed, default, SocketStatus.ProtocolError, problem);
                return true;
            }

            if (!header.IsControl && (ulong)_piecesLength + header.PayloadLength > (ulong)maxMessageBytes)
            {
                result = new(SocketInputKind.Malformed, default, SocketStatus.MessageTooBig, $"a message has {maxMessageBytes} bytes at most");
                return true;
            }

            var length = (int)header.PayloadLength;
            if (_end - _start < header.Length + length)
            {
                break;
            }

            var payload = _buffer.AsMemory(_start + header.Length, length);
            _start += header.Length + length;
            FrameHeader.Unmask(payload.Span, header.Mask);
            if (TryComplete(header, payload, out result))
            {
                return true;
            }
        }

        result = default;
        if (_buffer is not null && _start == _end)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = null;
            _start = _end = 0;
        }

        return false;
    }

    private string? FindSequenceProblem(FrameHeader header) =>
        header.Kind is FrameKind.Text or FrameKind.Binary && _pieces is not null ? "a message begins within another"
        : header.Kind is FrameKind.Continuation && _pieces is null ? "a message goes on that has not begun"
        : null;

    private bool TryComplete(FrameHeader header, ReadOnlyMemory<byte> payload, out SocketInputResult result)
    {
        result = default;
        if (header.IsControl || (header.IsFinal && _pieces is null))
        {
            result = new((SocketInputKind)header.Kind, payload, 0, null);
            return true;
        }

        if (_pieces is null)
        {
            _piecesKind = header.Kind;
            _pieces = ArrayPool<byte>.Shared.Rent(Math.Max(FirstBuffer, payload.Length));
        }
        else if (_pieces.Length < _piecesLength + payload.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(2 * _pieces.Length, _piecesLength + payload.Length));
            _pieces.AsSpan(0, _piecesLength).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_pieces);
            _pieces = larger;
        }

        payload.Span.CopyTo(_pieces.AsSpan(_piecesLength));
        _piecesLength += payload.Length;
        if (!header.IsFinal)
        {
            return false;
        }

        _piecesDone = true;
        result = new((SocketInputKind)_piecesKind, _pieces.AsMemory(0, _piecesLength), 0, null);
        return true;
    }

    private void MakeRoom()
    {
        if (_buffer is null)
        {
            _buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
            return;
        }

        if (_end < _buffer.Length)
        {
            return;
        }

        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        }
        else
        {
            var larger = ArrayPool<byte>.Shared.Rent(2 * _buffer.Length);
            _buffer.AsSpan(0, _end).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        _end -= _start;
        _start = 0;
    }

    private void DropPieces()
    {
        if (_pieces is not null)
        {
            ArrayPool<byte>.Shared.Return(_pieces);
        }

        _pieces = null;
        _piecesLength = 0;
        _piecesDone = false;
    }
}

/// <summary>What came from a client.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Payload">Of a message or control frame.</param>
/// <param name="Status">For <see cref="SocketInputKind.Malformed"/>: how to close.</param>
/// <param name="Problem">For <see cref="SocketInputKind.Malformed"/>: why.</param>
internal readonly record struct SocketInputResult(SocketInputKind Kind, ReadOnlyMemory<byte> Payload, int Status, string? Problem);

/// <summary>Kinds of input; the first ones are opcodes.</summary>
internal enum SocketInputKind
{
    Text = 1,
    Binary = 2,
    Close = 8,
    Ping = 9,
    Pong = 10,

    /// <summary>The connection ended without a close.</summary>
    End = 100,

    /// <summary>The connection cannot go on.</summary>
    Malformed = 101,
}
