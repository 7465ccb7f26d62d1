using System.Net.Sockets;

namespace Bowline.Tunnel;

/// <summary>
/// A connection for HTTP/1.1, whose client reads the answer only when the request has been sent. A service that answers meanwhile fills the
/// buffers between the two, stops reading, and both would wait for ever: the write that is stuck while an answer lies unread ends it.
/// </summary>
internal sealed class ServiceStream(Socket socket, bool tls, TimeSpan stallTimeout, TimeProvider time) : NetworkStream(socket, ownsSocket: true)
{
    // After a TLS handshake the server's session tickets lie unread, a few hundred bytes that are no answer.
    private const int TicketBytes = 8 * 1024;

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var writing = base.WriteAsync(buffer, cancellationToken);
        return writing.IsCompleted ? writing : WatchAsync(writing.AsTask());
    }

    private async ValueTask WatchAsync(Task writing)
    {
        var answered = false;
        while (true)
        {
            try
            {
                await writing.WaitAsync(stallTimeout, time).ConfigureAwait(false);
                return;
            }
            catch (TimeoutException) when (!writing.IsCompleted)
            {
                var answers = Socket.Available > (tls ? TicketBytes : 0);
                if (answers && answered)
                {
                    break;
                }

                answered = answers;
            }
        }

        Socket.Dispose();
        await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        throw new EarlyAnswerException();
    }
}
