using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Bowline.Hub.Hosting;

/// <summary>The hub's two listeners: the console's, and the one of exposed content.</summary>
internal static class KestrelSetup
{
    public static void Configure(KestrelServerOptions kestrel, HubOptions options)
    {
        kestrel.AddServerHeader = false;

        // A service may say more than ASCII in a header (a file's name); the tunnel carries UTF-8, and so do we.
        kestrel.ResponseHeaderEncodingSelector = static _ => System.Text.Encoding.UTF8;
        kestrel.Limits.MaxRequestBodySize = HubLimits.MaxBodyBytes;
        kestrel.Limits.MaxConcurrentUpgradedConnections = 12_000;
        var certificate = ServerCertificate.Load(options);
        kestrel.Listen(options.Listen, l => Configure(l, HubListener.Console, certificate));
        kestrel.Listen(options.Listen.Address, options.ContentPort, l => Configure(l, HubListener.Content, certificate));
    }

    private static void Configure(ListenOptions listen, HubListener listener, ServerCertificate? certificate)
    {
        // Content stays on HTTP/1.1, whose upgrades are passed through byte by byte.
        listen.Protocols = certificate is null || listener.IsContent ? HttpProtocols.Http1 : HttpProtocols.Http1AndHttp2;
        listen.Use(next => connection =>
        {
            connection.Features.Set(listener);
            return next(connection);
        });
        if (certificate is not null)
        {
            listen.UseHttps(new HttpsConnectionAdapterOptions { ServerCertificate = certificate.Leaf, ServerCertificateChain = certificate.Chain });
        }
    }
}
