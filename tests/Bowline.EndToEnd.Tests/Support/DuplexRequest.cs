using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Bowline.EndToEnd.Tests.Support;

/// <summary>A chunked POST whose answer is read while it is written: over HTTP/1.1, HttpClient gives no answer before its request is sent.</summary>
internal sealed class DuplexRequest : IAsyncDisposable
{
    private readonly NetworkStream _network;
    private readonly BufferedStream _reader;
    private int _left;

    private DuplexRequest(NetworkStream network)
    {
        _network = network;
        _reader = new BufferedStream(network, 64 * 1024);
    }

    public static async Task<DuplexRequest> PostAsync(Uri url, string token, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(url.Host, url.Port, cancellationToken);
        var request = new DuplexRequest(new NetworkStream(socket, ownsSocket: true));
        var head = $"POST {url.PathAndQuery} HTTP/1.1\r\nHost: {url.Authority}\r\nAuthorization: Bearer {token}\r\nTransfer-Encoding: chunked\r\n\r\n";
        await request._network.WriteAsync(Encoding.ASCII.GetBytes(head), cancellationToken);
        return request;
    }

    /// <summary>Sends a chunk.</summary>
    public async Task WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        await _network.WriteAsync(Encoding.ASCII.GetBytes(bytes.Length.ToString("x", CultureInfo.InvariantCulture) + "\r\n"));
        await _network.WriteAsync(bytes);
        await _network.WriteAsync("\r\n"u8.ToArray());
    }

    /// <summary>Ends the request's body.</summary>
    public async Task EndAsync() => await _network.WriteAsync("0\r\n\r\n"u8.ToArray());

    /// <summary>Reads the answer's head; returns its status line.</summary>
    public async Task<string> HeadAsync(CancellationToken cancellationToken)
    {
        var status = await LineAsync(cancellationToken);
        while ((await LineAsync(cancellationToken)).Length > 0)
        {
        }

        return status;
    }

    /// <summary>Reads some of the answer's body; 0 at its proper end, an exception at any other.</summary>
    public async Task<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (_left == 0)
        {
            _left = int.Parse(await LineAsync(cancellationToken), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            if (_left == 0)
            {
                return 0;
            }
        }

        var read = await _reader.ReadAsync(buffer[..Math.Min(buffer.Length, _left)], cancellationToken);
        if (read == 0)
        {
            throw new EndOfStreamException("The answer was cut.");
        }

        _left -= read;
        if (_left == 0)
        {
            Assert.Equal("", await LineAsync(cancellationToken));
        }

        return read;
    }

    public ValueTask DisposeAsync() => _network.DisposeAsync();

    private async Task<string> LineAsync(CancellationToken cancellationToken)
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (await _reader.ReadAsync(one, cancellationToken) == 1)
        {
            if (one[0] == '\n')
            {
                return line.ToString().TrimEnd('\r');
            }

            line.Append((char)one[0]);
        }

        throw new EndOfStreamException("The answer was cut.");
    }
}
