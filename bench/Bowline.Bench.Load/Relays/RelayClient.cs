using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Bowline.Bench.Load.Relays;

/// <summary>
/// A WebSocket of its own on a raw socket, so that the load generator costs little: frames are made beforehand (with a mask of zeros, which
/// changes nothing) and answers are read where they arrived. One reader and one writer at a time.
/// </summary>
internal sealed class RelayClient : IDisposable
{
    private const int Text = 0x81;
    private const int Ping = 0x89;
    private const int Pong = 0x8A;
    private const int Masked = 0x80;
    private const int Medium = 126;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private byte[] _buffer;
    private int _start;
    private int _end;

    private RelayClient(int capacity) => _buffer = new byte[capacity];

    public static async Task<RelayClient> ConnectAsync(Uri url, CancellationToken cancellationToken, int capacity = 64 * 1024)
    {
        var client = new RelayClient(capacity);
        try
        {
            await client._socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, url.Port), cancellationToken);
            await client.SendAsync(
                Encoding.ASCII.GetBytes($"GET / HTTP/1.1\r\nHost: {url.Authority}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"),
                cancellationToken);
            await client.ReadHeadAsync(cancellationToken);
            return client;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <summary>The frame of a message, as a client sends it.</summary>
    public static byte[] Frame(ReadOnlySpan<byte> text, byte kind = Text)
    {
        var head = text.Length < Medium ? 2 : text.Length <= ushort.MaxValue ? 4 : throw new ArgumentException("The benchmark sends no messages above 64 KiB.", nameof(text));
        var frame = new byte[head + 4 + text.Length];
        frame[0] = kind;
        frame[1] = (byte)(Masked | (head == 2 ? text.Length : Medium));
        if (head == 4)
        {
            BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(2), (ushort)text.Length);
        }

        text.CopyTo(frame.AsSpan(head + 4));
        return frame;
    }

    public async ValueTask SendAsync(ReadOnlyMemory<byte> frames, CancellationToken cancellationToken)
    {
        while (!frames.IsEmpty)
        {
            frames = frames[await _socket.SendAsync(frames, cancellationToken)..];
        }
    }

    /// <summary>The next message; good until the next call.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (TryNext(out var message))
            {
                return message;
            }

            if (TryTakePing(out var pong))
            {
                await SendAsync(pong, cancellationToken);
                continue;
            }

            await ReceiveAsync(cancellationToken);
        }
    }

    /// <summary>The next message if it is here; good until the next call that reads.</summary>
    public bool TryNext(out ReadOnlyMemory<byte> message)
    {
        message = default;
        while (TryHead(out var kind, out var head, out var length) && kind != Ping)
        {
            if (kind != Text)
            {
                throw new InvalidOperationException($"the relay sent a frame {kind:x2}: {Encoding.UTF8.GetString(_buffer, _start + head, length)}");
            }

            message = _buffer.AsMemory(_start + head, length);
            _start += head + length;
            if (!message.Span.StartsWith("[\"AUTH\""u8))
            {
                return true;
            }

            // It asks every client who it is; we need not say.
        }

        return false;
    }

    public void Dispose() => _socket.Dispose();

    private bool TryTakePing(out byte[] pong)
    {
        pong = [];
        if (!TryHead(out var kind, out var head, out var length) || kind != Ping)
        {
            return false;
        }

        pong = Frame(_buffer.AsSpan(_start + head, length), Pong);
        _start += head + length;
        return true;
    }

    private bool TryHead(out int kind, out int head, out int length)
    {
        (kind, head, length) = (0, 2, 0);
        var have = _end - _start;
        if (have < head)
        {
            return false;
        }

        kind = _buffer[_start];
        length = _buffer[_start + 1];
        if (length == Medium)
        {
            head = 4;
            length = have < head ? int.MaxValue : BinaryPrimitives.ReadUInt16BigEndian(_buffer.AsSpan(_start + 2));
        }
        else if (length > Medium)
        {
            throw new InvalidOperationException("the relay sent more than 64 KiB at once");
        }

        return have >= (long)head + length;
    }

    private async ValueTask ReceiveAsync(CancellationToken cancellationToken)
    {
        if (_start == _end)
        {
            _start = _end = 0;
        }
        else if (_end == _buffer.Length)
        {
            var larger = _start == 0 ? new byte[2 * _buffer.Length] : _buffer;
            _buffer.AsSpan(_start, _end - _start).CopyTo(larger);
            (_buffer, _start, _end) = (larger, 0, _end - _start);
        }

        var read = await _socket.ReceiveAsync(_buffer.AsMemory(_end), cancellationToken);
        _end += read > 0 ? read : throw new InvalidOperationException("the relay closed the connection");
    }

    private async Task ReadHeadAsync(CancellationToken cancellationToken)
    {
        int end;
        while ((end = _buffer.AsSpan(0, _end).IndexOf("\r\n\r\n"u8)) < 0)
        {
            await ReceiveAsync(cancellationToken);
        }

        if (!_buffer.AsSpan(0, _end).StartsWith("HTTP/1.1 101"u8))
        {
            throw new InvalidOperationException($"the relay refused a connection: {Encoding.UTF8.GetString(_buffer, 0, end)}");
        }

        _start = end + 4;
    }
}
