using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Bowline.Relay.Tests;

/// <summary>A WebSocket client that does what it should not: it writes its frames itself.</summary>
internal sealed class RawClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TcpClient _tcp;
    private readonly NetworkStream _stream;

    private RawClient(TcpClient tcp)
    {
        _tcp = tcp;
        _stream = tcp.GetStream();
    }

    public Socket Socket => _tcp.Client;

    public static async Task<RawClient> ConnectAsync(Uri url, string version = "13", string key = "dGhlIHNhbXBsZSBub25jZQ==", int receiveBuffer = 0)
    {
        var tcp = new TcpClient { NoDelay = true };
        if (receiveBuffer > 0)
        {
            tcp.ReceiveBufferSize = receiveBuffer;
        }

        await tcp.ConnectAsync(url.Host, url.Port);
        var client = new RawClient(tcp);
        await client._stream.WriteAsync(Encoding.ASCII.GetBytes($"GET {url.AbsolutePath} HTTP/1.1\r\nHost: {url.Authority}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: {version}\r\n\r\n"));
        client.Head = await client.ReadHeadAsync();
        return client;
    }

    /// <summary>The response's head.</summary>
    public string Head { get; private set; } = "";

    public Task SendAsync(string text) => SendFrameAsync(0x81, Encoding.UTF8.GetBytes(text));

    public async Task SendFrameAsync(byte first, ReadOnlyMemory<byte> payload, ulong? claimedLength = null, bool masked = true)
    {
        var length = claimedLength ?? (ulong)payload.Length;
        var frame = new byte[14 + payload.Length];
        frame[0] = first;
        var at = 2;
        if (length < 126)
        {
            frame[1] = (byte)length;
        }
        else if (length <= ushort.MaxValue)
        {
            frame[1] = 126;
            BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(2), (ushort)length);
            at = 4;
        }
        else
        {
            frame[1] = 127;
            BinaryPrimitives.WriteUInt64BigEndian(frame.AsSpan(2), length);
            at = 10;
        }

        if (masked)
        {
            frame[1] |= 0x80;
            byte[] mask = [0x11, 0x22, 0x33, 0x44];
            mask.CopyTo(frame, at);
            at += 4;
            for (var i = 0; i < payload.Length; i++)
            {
                frame[at + i] = (byte)(payload.Span[i] ^ mask[i & 3]);
            }
        }
        else
        {
            payload.CopyTo(frame.AsMemory(at));
        }

        await WriteAsync(frame.AsMemory(0, at + payload.Length));
    }

    public Task WriteAsync(ReadOnlyMemory<byte> bytes) => _stream.WriteAsync(bytes).AsTask();

    /// <summary>The next frame: its first byte and payload, or null at the end.</summary>
    public async Task<(byte First, byte[] Payload)?> ReceiveAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        var head = new byte[10];
        try
        {
            await _stream.ReadExactlyAsync(head.AsMemory(0, 2), limit.Token);
            var length = (ulong)head[1];
            if (length == 126)
            {
                await _stream.ReadExactlyAsync(head.AsMemory(2, 2), limit.Token);
                length = BinaryPrimitives.ReadUInt16BigEndian(head.AsSpan(2));
            }
            else if (length == 127)
            {
                await _stream.ReadExactlyAsync(head.AsMemory(2, 8), limit.Token);
                length = BinaryPrimitives.ReadUInt64BigEndian(head.AsSpan(2));
            }

            var payload = new byte[length];
            await _stream.ReadExactlyAsync(payload, limit.Token);
            return (head[0], payload);
        }
        catch (IOException)
        {
            return null;
        }
    }

    public async Task<string> ReceiveTextAsync()
    {
        var frame = await ReceiveAsync();
        Assert.NotNull(frame);
        Assert.Equal(0x81, frame.Value.First);
        return Encoding.UTF8.GetString(frame.Value.Payload);
    }

    /// <summary>The status of the close that has to come next.</summary>
    public async Task<int> ReceiveCloseAsync()
    {
        var frame = await ReceiveAsync();
        Assert.NotNull(frame);
        Assert.Equal(0x88, frame.Value.First);
        return BinaryPrimitives.ReadUInt16BigEndian(frame.Value.Payload);
    }

    public void Dispose() => _tcp.Dispose();

    private async Task<string> ReadHeadAsync()
    {
        var text = new StringBuilder();
        var one = new byte[1];
        while (!text.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await _stream.ReadAsync(one) == 1)
        {
            _ = text.Append((char)one[0]);
        }

        return text.ToString();
    }
}
