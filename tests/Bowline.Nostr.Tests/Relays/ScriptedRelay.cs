using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Bowline.Nostr.Tests.Relays;

/// <summary>A small relay over Kestrel: keeps events, answers REQs, and does what a test tells it to instead.</summary>
internal sealed class ScriptedRelay : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly List<NostrEvent> _store = [];
    private readonly List<(ScriptedSocket Socket, ClientMessage Message)> _received = [];
    private readonly ConcurrentDictionary<ScriptedSocket, bool> _sockets = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WebApplication? _app;
    private int _accepted;

    /// <summary>The document of NIP-11, or null for none.</summary>
    public string? Information { get; set; }

    /// <summary>Takes a message instead of the relay when it answers true.</summary>
    public Func<ScriptedSocket, ClientMessage, Task<bool>>? Instead { get; set; }

    /// <summary>Sent to each new socket.</summary>
    public string? Challenge { get; set; }

    public int Port { get; private set; }

    public Uri Url => new($"ws://127.0.0.1:{Port}/");

    public int Accepted => Volatile.Read(ref _accepted);

    public ICollection<ScriptedSocket> Sockets => _sockets.Keys;

    /// <summary>The longest message that came, in bytes.</summary>
    public int LongestMessage { get; private set; }

    /// <summary>The most subscriptions one socket had at once.</summary>
    public int MostSubscriptions { get; private set; }

    public List<(ScriptedSocket Socket, ClientMessage Message)> Received
    {
        get
        {
            lock (_gate)
            {
                return [.. _received];
            }
        }
    }

    public IEnumerable<ClientRequestMessage> Requests => Received.Select(static entry => entry.Message).OfType<ClientRequestMessage>();

    public static async Task<ScriptedRelay> StartAsync()
    {
        var relay = new ScriptedRelay();
        await relay.ListenAsync();
        return relay;
    }

    /// <summary>Listens, on the port it had before if it had one.</summary>
    public async Task ListenAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options => options.Listen(IPAddress.Loopback, Port));
        _app = builder.Build();
        _app.UseWebSockets();
        _app.Run(ServeAsync);
        await _app.StartAsync();
        Port = new Uri(_app.Urls.First()).Port;
    }

    /// <summary>Cuts all sockets and listens no more.</summary>
    public async Task StopAsync()
    {
        foreach (var socket in _sockets.Keys)
        {
            socket.Abort();
        }

        await _app!.DisposeAsync();
    }

    /// <summary>Keeps an event and sends it to whom it concerns.</summary>
    public async Task StoreAsync(NostrEvent value)
    {
        lock (_gate)
        {
            _store.Add(value);
        }

        foreach (var socket in _sockets.Keys)
        {
            foreach (var id in socket.Wanting(value))
            {
                await socket.SendAsync(new RelayEventMessage(id, value));
            }
        }
    }

    /// <summary>Waits until what was received answers to this.</summary>
    public async Task<T> WaitAsync<T>(Func<ScriptedRelay, T?> look)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var changed = Volatile.Read(ref _changed).Task;
            if (look(this) is { } found && found is not false)
            {
                return found;
            }

            await changed.WaitAsync(limit.Token);
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private void Change() => Interlocked.Exchange(ref _changed, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    private async Task ServeAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.StatusCode = Information is null ? 404 : 200;
            await context.Response.WriteAsync(Information ?? "");
            return;
        }

        var socket = new ScriptedSocket(await context.WebSockets.AcceptWebSocketAsync());
        Interlocked.Increment(ref _accepted);
        _sockets[socket] = true;
        Change();
        try
        {
            if (Challenge is not null)
            {
                await socket.SendAsync(new RelayAuthMessage(Challenge));
            }

            await socket.ReadAsync(TakeAsync);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException)
        {
            // The client or the test cut it.
        }

        _sockets.TryRemove(socket, out _);
        Change();
    }

    private async Task TakeAsync(ScriptedSocket socket, byte[] text)
    {
        Assert.True(ClientMessageReader.TryRead(text, MessageLimits.Default, out var message, out var problem), problem?.Text + Encoding.UTF8.GetString(text));
        lock (_gate)
        {
            _received.Add((socket, message));
            LongestMessage = Math.Max(LongestMessage, text.Length);
        }

        if (Instead is null || !await Instead(socket, message))
        {
            await AnswerAsync(socket, message);
        }

        MostSubscriptions = Math.Max(MostSubscriptions, socket.Subscriptions.Count);
        Change();
    }

    public async Task AnswerAsync(ScriptedSocket socket, ClientMessage message)
    {
        switch (message)
        {
            case ClientRequestMessage request:
                List<NostrEvent> found;
                lock (_gate)
                {
                    found = [.. request.Filters
                        .SelectMany(filter => _store.Where(filter.Matches).OrderByDescending(static value => value.CreatedAt).Take(filter.Limit ?? int.MaxValue))
                        .Distinct()];
                    socket.Subscriptions[request.SubscriptionId] = request.Filters;
                }

                foreach (var value in found)
                {
                    await socket.SendAsync(new RelayEventMessage(request.SubscriptionId, value));
                }

                await socket.SendAsync(new RelayEndOfStoredMessage(request.SubscriptionId));
                break;
            case ClientCloseMessage close:
                socket.Subscriptions.TryRemove(close.SubscriptionId, out _);
                break;
            case ClientEventMessage { Event: var value }:
                await StoreAsync(value); // Before it is answered: OK true says that it is kept.
                await socket.SendAsync(new RelayOkMessage(value.Id, Accepted: true, ""));
                break;
            case ClientAuthMessage { Event: var value }:
                socket.Keys[value.PublicKey] = true;
                await socket.SendAsync(new RelayOkMessage(value.Id, Accepted: true, ""));
                break;
        }
    }
}

/// <summary>One connection of the scripted relay.</summary>
internal sealed class ScriptedSocket(WebSocket socket) : IDisposable
{
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly CancellationTokenSource _cut = new();

    public ConcurrentDictionary<string, IReadOnlyList<NostrFilter>> Subscriptions { get; } = new(StringComparer.Ordinal);

    public ConcurrentDictionary<NostrPublicKey, bool> Keys { get; } = new();

    public IEnumerable<string> Wanting(NostrEvent value) => Subscriptions.Where(entry => entry.Value.Any(filter => filter.Matches(value))).Select(static entry => entry.Key);

    public void Dispose()
    {
        socket.Dispose();
        _sending.Dispose();
        _cut.Dispose();
    }

    /// <summary>Cuts the connection, unless its request ended just now: its context is gone then.</summary>
    public void Abort()
    {
        try
        {
            _cut.Cancel();
            socket.Abort();
        }
        catch (ObjectDisposedException)
        {
            // Ended by itself.
        }
    }

    public Task SendAsync(RelayMessage message)
    {
        var buffer = new ArrayBufferWriter<byte>();
        RelayMessageWriter.Write(buffer, message);
        return SendAsync(buffer.WrittenMemory, WebSocketMessageType.Text);
    }

    public Task SendTextAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text);

    /// <summary>The beginning of a message.</summary>
    public Task SendPartAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, isWhole: false);

    public async Task SendAsync(ReadOnlyMemory<byte> text, WebSocketMessageType type, bool isWhole = true)
    {
        await _sending.WaitAsync();
        try
        {
            await socket.SendAsync(text, type, isWhole, _cut.Token);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            // Cut; reading says so as well.
        }
        finally
        {
            _sending.Release();
        }
    }

    public async Task ReadAsync(Func<ScriptedSocket, byte[], Task> take)
    {
        var buffer = new byte[1024 * 1024];
        while (true)
        {
            var length = 0;
            ValueWebSocketReceiveResult result;
            do
            {
                result = await socket.ReceiveAsync(buffer.AsMemory(length), _cut.Token);
                length += result.Count;
            }
            while (!result.EndOfMessage);
            if (result.MessageType == WebSocketMessageType.Close)
            {
                return;
            }

            await take(this, buffer[..length]);
        }
    }
}
