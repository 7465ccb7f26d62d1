using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Bowline.Tunnel;

/// <summary>Makes the HTTP clients towards the service: nothing that changes a message on its way.</summary>
internal static class ForwardClient
{
    public static SocketsHttpHandler Shared(ForwardOptions options) => new()
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

    /// <summary>
    /// A client for one upgraded connection, which is never shared anyway: it knows its socket, so the caller's end of sending can be
    /// passed on (the stream of the HTTP client cannot say it).
    /// </summary>
    public static SocketsHttpHandler Single(ForwardOptions options, Action<Socket> connected)
    {
        var handler = Shared(options);
        handler.ConnectCallback = async (context, cancellationToken) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(context.DnsEndPoint, cancellationToken).ConfigureAwait(false);
                connected(socket);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        };
        return handler;
    }
}
