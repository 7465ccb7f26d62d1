using System.Buffers;
using System.Net.WebSockets;
using System.Threading.Channels;

namespace Bowline.Nostr;

/// <summary>
/// One open socket: reads and parses, verifies what has come at once, and sends what the machine has next. Reading pauses while
/// what was read waits.
/// </summary>
internal sealed class RelaySocket : IDisposable
{
    private const int FirstBuffer = 16 * 1024;
    private const int MostAtOnce = 256;

    // What an object costs beside its text, so that the bound in bytes is one in messages too.
    private const int Overhead = 512;

    private readonly RelayLink _link;
    private readonly int _op;
    private readonly WebSocket _socket;
    private readonly RelayClientOptions _options;
    private readonly VerifiedEvents _verified;
    private readonly CancellationTokenSource _ended = new();
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly SemaphoreSlim _drained = new(0, 1);
    private readonly Channel<Inbound> _inbound = Channel.CreateUnbounded<Inbound>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
    private long _buffered;
    private volatile bool _isClosing;

    public RelaySocket(RelayLink link, int op, WebSocket socket, RelayClientOptions options, VerifiedEvents verified)
    {
        _link = link;
        _op = op;
        _socket = socket;
        _options = options;
        _verified = verified;
    }

    /// <summary>There may be something to send.</summary>
    public void Wake() => Release(_wake);

    /// <summary>Lets go of it.</summary>
    public void Abort()
    {
        _isClosing = true;
        _ = _ended.CancelAsync();
        _socket.Abort();
    }

    /// <summary>Says goodbye, for as long as that may take, and lets go of it.</summary>
    public async Task CloseAsync()
    {
        _isClosing = true;
        using var late = new CancellationTokenSource(_options.CloseTimeout, _options.TimeProvider);
        try
        {
            await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, late.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or InvalidOperationException or ObjectDisposedException)
        {
            _link.LogGoodbye(e);
        }

        Abort();
    }

    /// <summary>Runs until the socket is of no use any more; the reason.</summary>
    public async Task<string> RunAsync()
    {
        var read = ReadAsync();
        var process = ProcessAsync();
        var send = SendAsync();
        var first = await Task.WhenAny(read, process, send).ConfigureAwait(false);
        if (first == read && !_isClosing)
        {
            // What has arrived is handed out: an ephemeral event comes once.
            await Observe(process).ConfigureAwait(false);
        }

        var text = await Observe(first).ConfigureAwait(false) ?? "the relay closed the connection";
        Abort();
        await Observe(read).ConfigureAwait(false);
        await Observe(send).ConfigureAwait(false);
        await Observe(process).ConfigureAwait(false);
        return text;
    }

    public void Dispose()
    {
        _socket.Dispose();
        _ended.Dispose();
        _wake.Dispose();
        _drained.Dispose();
    }

    private static void Release(SemaphoreSlim semaphore)
    {
        try
        {
            semaphore.Release();
        }
        catch (Exception e) when (e is SemaphoreFullException or ObjectDisposedException)
        {
            // It is signalled already, or nobody waits any more.
        }
    }

    private static async Task<string?> Observe(Task task)
    {
        try
        {
            await task.ConfigureAwait(false);
            return null;
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException or InvalidOperationException or ObjectDisposedException)
        {
            return e.InnerException is { } inner && inner is not WebSocketException ? $"{e.Message} {inner.Message}" : e.Message;
        }
    }

    private async Task ReadAsync()
    {
        try
        {
            var buffer = new byte[FirstBuffer];
            while (true)
            {
                while (Interlocked.Read(ref _buffered) > _options.MaxBufferedBytes)
                {
                    await _drained.WaitAsync(_ended.Token).ConfigureAwait(false);
                }

                var result = await _socket.ReceiveAsync(buffer.AsMemory(), _ended.Token).ConfigureAwait(false);
                var length = result.Count;
                var isTooLong = false;
                if (!result.EndOfMessage)
                {
                    using var late = new CancellationTokenSource(_options.ReadDeadline, _options.TimeProvider);
                    using var limit = CancellationTokenSource.CreateLinkedTokenSource(_ended.Token, late.Token);
                    while (!result.EndOfMessage)
                    {
                        if (length == buffer.Length && buffer.Length < _options.MaxMessageBytes + 1)
                        {
                            Array.Resize(ref buffer, Math.Min(buffer.Length * 2, _options.MaxMessageBytes + 1));
                        }

                        isTooLong |= length > _options.MaxMessageBytes;

                        // The rest of a message that is too long is read over what is there.
                        length = isTooLong ? 0 : length;
                        result = await _socket.ReceiveAsync(buffer.AsMemory(length), limit.Token).ConfigureAwait(false);
                        length += result.Count;
                    }

                    isTooLong |= length > _options.MaxMessageBytes;
                }

                if (result.MessageType == WebSocketMessageType.Close)
                {
                    return;
                }

                Telemetry.Received.Add(1, Telemetry.Tag(_link.Relay));
                Take(Parse(buffer.AsSpan(0, length), result.MessageType, isTooLong));
            }
        }
        finally
        {
            _inbound.Writer.TryComplete();
        }
    }

    private Inbound Parse(ReadOnlySpan<byte> text, WebSocketMessageType type, bool isTooLong)
    {
        var cost = text.Length + Overhead;
        if (isTooLong || type != WebSocketMessageType.Text)
        {
            return new(null, isTooLong ? $"a message of more than {_options.MaxMessageBytes} bytes" : "a binary message", cost);
        }

        return RelayMessageReader.TryRead(text, MessageLimits.Default, out var message, out var problem) ? new(message, null, cost) : new(null, problem.Text, cost);
    }

    private void Take(Inbound inbound)
    {
        Interlocked.Add(ref _buffered, inbound.Cost);
        _inbound.Writer.TryWrite(inbound);
    }

    private async Task ProcessAsync()
    {
        List<Inbound> batch = [];
        while (await _inbound.Reader.WaitToReadAsync(_ended.Token).ConfigureAwait(false))
        {
            batch.Clear();
            while (batch.Count < MostAtOnce && _inbound.Reader.TryRead(out var inbound))
            {
                batch.Add(inbound);
            }

            await HandOutAsync(batch).ConfigureAwait(false);
            Interlocked.Add(ref _buffered, -batch.Sum(static inbound => (long)inbound.Cost));
            Release(_drained);
        }
    }

    private async ValueTask HandOutAsync(List<Inbound> batch)
    {
        var events = batch.Select(static inbound => inbound.Message).OfType<RelayEventMessage>().Select(static message => message.Event).ToList();
        var threads = Math.Clamp(Environment.ProcessorCount, 1, _options.VerifyThreads);
        var right = events.Count == 0 ? [] : _verified.Verify(events, threads, _ended.Token);
        var next = 0;
        foreach (var inbound in batch)
        {
            if (inbound.Message is null)
            {
                _link.Post(new LinkEvent.Garbage(_op, inbound.Problem!, IsForged: false));
            }
            else if (inbound.Message is RelayEventMessage { Event: var value } && !right[next++])
            {
                _link.Post(new LinkEvent.Garbage(_op, $"event {value.Id}", IsForged: true));
            }
            else
            {
                await _link.ReceiveAsync(new LinkEvent.Received(_op, inbound.Message)).ConfigureAwait(false);
            }
        }
    }

    private async Task SendAsync()
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        while (true)
        {
            while (_link.Next(_op) is { } message)
            {
                buffer.ResetWrittenCount();
                ClientMessageWriter.Write(buffer, message);
                using var late = new CancellationTokenSource(_options.ReadDeadline, _options.TimeProvider);
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(_ended.Token, late.Token);
                await _socket.SendAsync(buffer.WrittenMemory, WebSocketMessageType.Text, endOfMessage: true, limit.Token).ConfigureAwait(false);
                Telemetry.Sent.Add(1, Telemetry.Tag(_link.Relay));
            }

            await _wake.WaitAsync(_ended.Token).ConfigureAwait(false);
        }
    }

    private readonly record struct Inbound(RelayMessage? Message, string? Problem, int Cost);
}
