using System.Buffers;
using System.Net.WebSockets;
using System.Text;
using Bowline.Nostr;

namespace Bowline.Relay.Tests;

/// <summary>A client that speaks the protocol over the framework's own WebSocket.</summary>
internal sealed class TestClient : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly byte[] _buffer = new byte[1 << 20];

    private TestClient(ClientWebSocket socket) => Socket = socket;

    public ClientWebSocket Socket { get; }

    public static async Task<TestClient> ConnectAsync(Uri url, Action<ClientWebSocketOptions>? configure = null, HttpMessageInvoker? invoker = null)
    {
        var socket = new ClientWebSocket();
        socket.Options.KeepAliveInterval = Timeout.InfiniteTimeSpan;
        configure?.Invoke(socket.Options);
        using var limit = new CancellationTokenSource(Patience);
        await socket.ConnectAsync(url, invoker, limit.Token);
        return new(socket);
    }

    public Task SendAsync(ClientMessage message)
    {
        var buffer = new ArrayBufferWriter<byte>();
        ClientMessageWriter.Write(buffer, message);
        return SendAsync(buffer.WrittenMemory, WebSocketMessageType.Text);
    }

    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text);

    public async Task SendAsync(ReadOnlyMemory<byte> bytes, WebSocketMessageType type, bool end = true)
    {
        using var limit = new CancellationTokenSource(Patience);
        await Socket.SendAsync(bytes, type, end, limit.Token);
    }

    public Task PublishAsync(NostrEvent value) => SendAsync(new ClientEventMessage(value));

    public Task RequestAsync(string id, params NostrFilter[] filters) => SendAsync(new ClientRequestMessage(id, filters));

    /// <summary>The next text, or null after a close.</summary>
    public async Task<string?> ReceiveTextAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        var length = 0;
        while (true)
        {
            var result = await Socket.ReceiveAsync(_buffer.AsMemory(length), limit.Token);
            if (result.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }

            length += result.Count;
            if (result.EndOfMessage)
            {
                return Encoding.UTF8.GetString(_buffer, 0, length);
            }
        }
    }

    /// <summary>The next message, which has to be of this type.</summary>
    public async Task<T> ReceiveAsync<T>()
        where T : RelayMessage
    {
        var text = await ReceiveTextAsync();
        Assert.True(text is not null, $"closed with {Socket.CloseStatus} {Socket.CloseStatusDescription} instead of {typeof(T).Name}");
        Assert.True(RelayMessageReader.TryRead(Encoding.UTF8.GetBytes(text), MessageLimits.Default, out var message, out var problem), problem?.Text);
        return Assert.IsType<T>(message);
    }

    /// <summary>Publishes and gets the answer.</summary>
    public async Task<RelayOkMessage> AskAsync(NostrEvent value)
    {
        await PublishAsync(value);
        var ok = await ReceiveAsync<RelayOkMessage>();
        Assert.Equal(value.Id, ok.EventId);
        return ok;
    }

    /// <summary>Subscribes and gets what is stored.</summary>
    public async Task<List<NostrEvent>> AskAsync(string id, params NostrFilter[] filters)
    {
        await RequestAsync(id, filters);
        List<NostrEvent> events = [];
        while (true)
        {
            var text = await ReceiveTextAsync();
            Assert.True(RelayMessageReader.TryRead(Encoding.UTF8.GetBytes(text!), MessageLimits.Default, out var message, out _));
            if (message is RelayEndOfStoredMessage end)
            {
                Assert.Equal(id, end.SubscriptionId);
                return events;
            }

            events.Add(Assert.IsType<RelayEventMessage>(message).Event);
        }
    }

    /// <summary>Reads until the relay has closed; the last text before it.</summary>
    public async Task<string?> ReadToCloseAsync()
    {
        string? last = null;
        while (await ReceiveTextAsync() is { } text)
        {
            last = text;
        }

        return last;
    }

    public async ValueTask DisposeAsync()
    {
        Socket.Abort();
        Socket.Dispose();
        await Task.CompletedTask;
    }
}
