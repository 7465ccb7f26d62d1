using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Bowline.Testing.Tunnel;
using Bowline.Tunnel.Tests.AspNetCore;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Bowline.Tunnel.Tests.Forwarding;

/// <summary>A real Kestrel on a free port behind a real forwarder.</summary>
internal sealed class Upstream : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Upstream(WebApplication app, ForwardOptions? options, string? host)
    {
        _app = app;
        Address = new UriBuilder(app.Urls.Single()) { Host = host ?? "127.0.0.1" }.Uri;
        Handler = new(Address, options);
    }

    public Uri Address { get; }

    public ForwardHandler Handler { get; }

    public static async Task<Upstream> StartAsync(RequestDelegate serve, ForwardOptions? options = null, X509Certificate2? certificate = null, string? host = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, 0, listen =>
            {
                if (certificate is not null)
                {
                    listen.UseHttps(certificate);
                }
            });
        });
        var app = builder.Build();
        app.UseWebSockets();
        app.Run(serve);
        await app.StartAsync();
        return new(app, options, host);
    }

    public static X509Certificate2 Certificate(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        var now = DateTimeOffset.UtcNow;
        using var made = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
    }

    public Task<(TestResponseHead Head, string Body)> GetAsync(string path)
    {
        return AskAsync(new TestExchange("GET", path));
    }

    public Task<(TestResponseHead Head, string Body)> AskAsync(TestExchange exchange, byte[]? body = null) => AskAsync(Handler, exchange, body);

    public static async Task<(TestResponseHead Head, string Body)> AskAsync(ITunnelHandler handler, TestExchange exchange, byte[]? body = null)
    {
        var running = exchange.RunAsync(handler);
        if (body is not null)
        {
            await exchange.Upload.WriteAsync(body);
            await exchange.Upload.CompleteAsync();
        }

        var head = await exchange.Head.Soon();
        using var reader = new StreamReader(exchange.Download);
        var text = await reader.ReadToEndAsync().Soon();
        await running.Soon();
        Assert.Null(exchange.HandlerException);
        return (head, text);
    }

    public async ValueTask DisposeAsync()
    {
        Handler.Dispose();
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }
}
