using System.Buffers.Text;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Bowline.Nats.NKeys;

namespace Bowline.Hub.Tests.Support;

/// <summary>NATS spoken line by line over the bridge: an oracle that shares no code with our client.</summary>
internal sealed class RawNats : IDisposable
{
    private readonly ClientWebSocket _socket;
    private readonly byte[] _buffer = new byte[64 * 1024];
    private string _text = "";

    private RawNats(ClientWebSocket socket) => _socket = socket;

    public static async Task<RawNats> ConnectAsync(ClientWebSocket socket, string jwt, NKeyPair user)
    {
        var nats = new RawNats(socket);
        var info = await nats.ReadLineAsync();
        Assert.StartsWith("INFO ", info, StringComparison.Ordinal);
        var nonce = JsonDocument.Parse(info[5..]).RootElement.GetProperty("nonce").GetString()!;
        var signature = Base64Url.EncodeToString(user.Sign(Encoding.ASCII.GetBytes(nonce)));
        await nats.SendAsync($"CONNECT {JsonSerializer.Serialize(new { jwt, sig = signature, verbose = false, pedantic = false, headers = true, no_responders = true, protocol = 1 })}\r\n");
        return nats;
    }

    public Task SendAsync(string text) => _socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Binary, true, TestContext.Current.CancellationToken);

    /// <summary>The next line that is no INFO; "CLOSED" at the end of the connection.</summary>
    public async Task<string> LineAsync()
    {
        var line = await ReadLineAsync();
        return line.StartsWith("INFO ", StringComparison.Ordinal) ? await LineAsync() : line;
    }

    private async Task<string> ReadLineAsync()
    {
        while (!_text.Contains("\r\n", StringComparison.Ordinal))
        {
            var received = await _socket.ReceiveAsync(_buffer, TestContext.Current.CancellationToken);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                return "CLOSED";
            }

            _text += Encoding.UTF8.GetString(_buffer, 0, received.Count);
        }

        var end = _text.IndexOf("\r\n", StringComparison.Ordinal);
        var line = _text[..end];
        _text = _text[(end + 2)..];
        return line;
    }

    /// <summary>Everything the server says up to the answer to a PING sent now; the whole of it is in order.</summary>
    public async Task<List<string>> FlushAsync(string text = "")
    {
        await SendAsync(text + "PING\r\n");
        var lines = new List<string>();
        while (true)
        {
            var line = await LineAsync();
            if (line == "PING")
            {
                await SendAsync("PONG\r\n");
                continue;
            }

            if (line is "PONG" or "CLOSED")
            {
                if (line == "CLOSED")
                {
                    lines.Add(line);
                }

                return lines;
            }

            lines.Add(line);
        }
    }

    public void Dispose() => _socket.Dispose();
}
