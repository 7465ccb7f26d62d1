using System.Net.WebSockets;

namespace Bowline.Nats;

/// <summary>NATS over WebSocket: binary frames, taken as a plain stream of bytes (a frame is not a message).</summary>
internal sealed class WebSocketTransport(ClientWebSocket socket, TimeProvider time) : INatsTransport
{
    /// <summary>A goodbye that is not answered within this is not waited for.</summary>
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(2);

    public static async ValueTask<WebSocketTransport> ConnectAsync(
        Uri uri, NatsWebSocketOpts opts, NatsTlsOpts tls, TimeProvider time, CancellationToken cancellationToken)
    {
        var socket = new ClientWebSocket();
        try
        {
            socket.Options.CollectHttpResponseDetails = true;

            // Liveness is the protocol's own PING, sent as data, which also passes proxies that answer WebSocket pings themselves.
            socket.Options.KeepAliveInterval = TimeSpan.Zero;
            tls.ApplyTo(socket.Options);
            await opts.ApplyAsync(uri, socket.Options, cancellationToken).ConfigureAwait(false);
            await socket.ConnectAsync(uri, cancellationToken).ConfigureAwait(false);
            return new WebSocketTransport(socket, time);
        }
        catch (WebSocketException e)
        {
            var status = (int)socket.HttpStatusCode;
            socket.Dispose();
            throw new NatsConnectionFailedException(
                status == 0 ? $"WebSocket to {uri} failed: {e.Message}" : $"WebSocket to {uri} was refused with HTTP status {status}.", e)
            {
                HttpStatus = status == 0 ? null : status,
            };
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public async ValueTask<int> ReceiveAsync(Memory<byte> buffer)
    {
        while (true)
        {
            // The buffer bounds what is taken at once, however large the frame is.
            var result = await socket.ReceiveAsync(buffer, CancellationToken.None).ConfigureAwait(false);
            if (result.MessageType == WebSocketMessageType.Close)
            {
                return 0;
            }

            if (result.Count > 0)
            {
                return result.Count;
            }
        }
    }

    public ValueTask SendAsync(ReadOnlyMemory<byte> bytes) =>
        socket.SendAsync(bytes, WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);

    public void Abort() => socket.Abort();

    public async ValueTask DisposeAsync()
    {
        using var timeout = new CancellationTokenSource(CloseTimeout, time);
        try
        {
            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            {
                // Always with a code: the server echoes a missing one as 1005, which is not allowed on the wire.
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, timeout.Token).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or InvalidOperationException or IOException)
        {
            // The other side is gone; the socket is closed all the same.
        }

        socket.Dispose();
    }
}
