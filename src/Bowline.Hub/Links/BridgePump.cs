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

    public static async Task<BridgeEnd> RunAsync(WebSocket node, Stream nats, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var up = UpAsync(node, nats, end.Token);
        var down = DownAsync(node, nats, end.Token);
        var first = await Task.WhenAny(up, down);
        var reason = await first;
        if (reason == BridgeEnd.NatsClosed && node.State == WebSocketState.Open)
        {
            await SayGoodbyeAsync(node, cancellationToken);
        }

        await end.CancelAsync();
        node.Abort();
        await Task.WhenAll(up, down);
        return reason;
    }

    private static async Task<BridgeEnd> UpAsync(WebSocket node, Stream nats, CancellationToken cancellationToken)
    {
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

                    await nats.WriteAsync(buffer.AsMemory(0, received.Count), cancellationToken);
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
        catch (IOException)
        {
            return BridgeEnd.NatsClosed;
        }
    }

    private static async Task<BridgeEnd> DownAsync(WebSocket node, Stream nats, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await nats.ReadAsync(Memory<byte>.Empty, cancellationToken);
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

    private static async Task SayGoodbyeAsync(WebSocket node, CancellationToken cancellationToken)
    {
        try
        {
            await node.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, statusDescription: null, cancellationToken);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            // It is gone already, which is what we wanted to tell it.
            return;
        }
    }
}
