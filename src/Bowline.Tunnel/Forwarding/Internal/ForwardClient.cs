using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Bowline.Tunnel;

/// <summary>Makes the HTTP clients towards the service: nothing that changes a message on its way.</summary>
internal static class ForwardClient
{
    public static SocketsHttpHandler Shared(ForwardOptions options, bool tls, TimeProvider time)
    {
        var handler = Create(options);
        if (options.Http2)
        {
            handler.EnableMultipleHttp2Connections = true;
        }
        else
        {
            handler.ConnectCallback = async (context, cancellationToken) =>
                new ServiceStream(await ConnectAsync(context, cancellationToken).ConfigureAwait(false), tls, options.StallTimeout, time);
        }

        return handler;
    }

    /// <summary>
    /// A client for one upgraded connection, which is never shared anyway: it knows its socket, so the caller's end of sending can be
    /// passed on (the stream of the HTTP client cannot say it).
    /// </summary>
    public static SocketsHttpHandler Single(ForwardOptions options, Action<Socket> connected)
    {
        var handler = Create(options);
        handler.ConnectCallback = async (context, cancellationToken) =>
        {
            var socket = await ConnectAsync(context, cancellationToken).ConfigureAwait(false);
            connected(socket);
            return new NetworkStream(socket, ownsSocket: true);
        };
        return handler;
    }

    private static async ValueTask<Socket> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken).ConfigureAwait(false);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static SocketsHttpHandler Create(ForwardOptions options) => new()
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        ConnectTimeout = options.ConnectTimeout,
        Expect100ContinueTimeout = options.ContinueTimeout,
        PooledConnectionIdleTimeout = options.IdleConnectionTimeout,
        MaxConnectionsPerServer = options.MaxConnections,
        MaxResponseHeadersLength = (options.MaxResponseHeadBytes + 1023) / 1024,
        RequestHeaderEncodingSelector = static (_, _) => Encoding.UTF8,
        ResponseHeaderEncodingSelector = static (_, _) => Encoding.UTF8,
        SslOptions = new SslClientAuthenticationOptions
        {
            RemoteCertificateValidationCallback = (sender, certificate, chain, errors) =>
                (options.CertificateCheck?.Invoke(sender, certificate, chain, errors) ?? errors == SslPolicyErrors.None) ? true : throw new CertificateException(errors.ToString()),
        },
    };
}
