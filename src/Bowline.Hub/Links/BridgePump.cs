using System.Buffers;
using System.Net.WebSockets;

namespace Bowline.Hub.Links;

/// <summary>
/// Copies bytes both ways until either side ends. Each direction has one buffer and writes before it reads again, so a slow side
/// holds the other up instead of filling memory; an idle direction holds no buffer at all.
/// </summary>
internal static class BridgePump
{
    private const int BufferSize = 64 * 1024;

    /// <summary>How long a node may take to read the server's last words and to close.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(1);

    public static async Task<BridgeEnd> RunAsync(WebSocket node, Stream nats, TimeProvider time, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var up = UpAsync(node, nats, end.Token);
        var down = DownAsync(node, nats, end.Token);
        var first = await Task.WhenAny(up, down);
        var reason = await first;
        if (first == down && reason == BridgeEnd.NatsClosed)
        {
            // What NATS said last (why it refuses) has been passed on; an abort now could still destroy it on its way.
            await CloseAsync(node, up, time, end.Token);
        }

        await end.CancelAsync();
        node.Abort();
        await Task.WhenAll(up, down);
        return reason;
    }

    private static async Task<BridgeEnd> UpAsync(WebSocket node, Stream nats, CancellationToken cancellationToken)
    {
        var natsEnded = false;
        try
        {
            while (true)
            {
                // An empty read waits without a buffer.
                if ((await node.ReceiveAsync(Memory<byte>.Empty, cancellationToken)).MessageType == WebSocketMessageType.Close)
                {
                    return BridgeEnd.NodeClosed;
                }

                var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
                try
                {
                    var received = await node.ReceiveAsync(buffer.AsMemory(), cancellationToken);
                    if (received.MessageType != WebSocketMessageType.Binary)
                    {
                        return BridgeEnd.NodeClosed; // Closed, or text where bytes belong.
                    }

                    natsEnded = natsEnded || !await TryWriteAsync(nats, buffer.AsMemory(0, received.Count), cancellationToken);
                }
                finally
                {
                    ArrayPool<byte>.Shared.Return(buffer);
                }
            }
        }
        catch (WebSocketException e)
        {
            // The keepalive's own abort carries no inner exception; a closed connection does.
            return e.WebSocketErrorCode == WebSocketError.Faulted && e.InnerException is null ? BridgeEnd.NodeSilent : BridgeEnd.NodeClosed;
        }
        catch (OperationCanceledException)
        {
            return BridgeEnd.NodeClosed;
        }
    }

    /// <summary>False when NATS has closed: the other direction sees that too, after it has read what is left.</summary>
    private static async Task<bool> TryWriteAsync(Stream nats, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            await nats.WriteAsync(bytes, cancellationToken);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static async Task<BridgeEnd> DownAsync(WebSocket node, Stream nats, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
#pragma warning disable CA2022, MA0060 // An empty read waits for data without a buffer; it reads nothing.
                await nats.ReadAsync(Memory<byte>.Empty, cancellationToken);
#pragma warning restore CA2022, MA0060
                var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
                try
                {
                    var count = await nats.ReadAsync(buffer, cancellationToken);
                    if (count == 0)
                    {
                        return BridgeEnd.NatsClosed;
                    }

                    await node.SendAsync(buffer.AsMemory(0, count), WebSocketMessageType.Binary, endOfMessage: true, cancellationToken);
                }
                finally
                {
                    ArrayPool<byte>.Shared.Return(buffer);
                }
            }
        }
        catch (IOException)
        {
            return BridgeEnd.NatsClosed;
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            return BridgeEnd.NodeClosed;
        }
    }

    private static async Task CloseAsync(WebSocket node, Task up, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            await node.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, statusDescription: null, cancellationToken).WaitAsync(Farewell, time, cancellationToken);
            await up.WaitAsync(Farewell, time, cancellationToken);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or TimeoutException)
        {
            // It is gone already, or does not listen: nothing more to tell it.
            return;
        }
    }
}
