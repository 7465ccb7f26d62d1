using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Bowline.Tunnel.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bowline.Tunnel.Tests.Forwarding;

public sealed class ForwardThroughTunnelTests
{
    private static async Task<(WebApplication App, Uri Address)> UpstreamAsync(Action<WebApplication> map)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.UseWebSockets();
        map(app);
        await app.StartAsync();
        return (app, new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()));
    }

    private static ForwardHandler Forward(Uri target, Action<ForwardRecord>? inspect = null) =>
        new(target, new ForwardOptions { Observer = inspect is null ? null : new Watch(inspect) }, TimeProvider.System, NullLoggerFactory.Instance);

    private sealed class Watch(Action<ForwardRecord> inspect) : IForwardObserver
    {
        public void OnForwarded(in ForwardRecord record) => inspect(record);
    }

    private static async Task<TunnelPair> PairAsync(ForwardHandler handler)
    {
        var pair = await TunnelPair.StartAsync();
        pair.Server.Services.Map("default", handler, ServiceAccess.Owner);
        return pair;
    }

    [Fact]
    public async Task A_local_service_is_reached_with_path_headers_and_body_as_they_were()
    {
        var (app, address) = await UpstreamAsync(app => app.Map("/{**rest}", async (HttpContext context) =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var raw = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
            return $"{context.Request.Method} {raw} {context.Request.Headers["Forwarded"]} {context.Request.Headers["x-a"]} {await reader.ReadToEndAsync()}";
        }));
        await using var upstream = app;
        ForwardRecord? record = null;
        using var handler = Forward(address, r => record = r);
        await using var pair = await PairAsync(handler);
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://web.desk.bowline/a%2Fb/x?q=%41") { Content = Payload.Streaming("body"u8.ToArray()), Headers = { { "x-a", "1" } } };
        using var response = await pair.SendAsync(request);
        Assert.Equal("POST /a%2Fb/x?q=%41 for=_account.alice;host=web.desk.bowline 1 body", await response.Content.ReadAsStringAsync());
        Assert.Equal("POST", record?.Method);
        Assert.Equal(4, record?.RequestBytes);
        Assert.Equal(200, record?.Status);
    }

    [Fact]
    public async Task Events_pass_at_once_and_their_head_before_the_first_of_them()
    {
        using var next = new SemaphoreSlim(0);
        var (app, address) = await UpstreamAsync(app => app.MapGet("/", async (HttpContext context) =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.StartAsync();
            await context.Response.Body.FlushAsync();
            for (var i = 0; i < 3; i++)
            {
                await next.WaitAsync(context.RequestAborted);
                await context.Response.WriteAsync($"data: {i}\n");
                await context.Response.Body.FlushAsync();
            }
        }));
        await using var upstream = app;
        using var handler = Forward(address);
        await using var pair = await PairAsync(handler);
        using var response = await pair.GetAsync();
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        for (var i = 0; i < 3; i++)
        {
            next.Release();
            Assert.Equal($"data: {i}", await reader.ReadLineAsync());
        }
    }

    [Fact]
    public async Task A_WebSocket_passes_through()
    {
        var (app, address) = await UpstreamAsync(app => app.Map("/", async (HttpContext context) =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            var buffer = new byte[100];
            var received = await socket.ReceiveAsync(buffer, default);
            await socket.SendAsync(buffer.AsMemory(0, received.Count), WebSocketMessageType.Text, true, default);
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "bye", default);
        }));
        await using var upstream = app;
        using var handler = Forward(address);
        await using var pair = await PairAsync(handler);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Connection.Add("Upgrade");
        request.Headers.Upgrade.ParseAdd("websocket");
        request.Headers.Add("Sec-WebSocket-Version", "13");
        request.Headers.Add("Sec-WebSocket-Key", Convert.ToBase64String(new byte[16]));
        using var response = await pair.SendAsync(request);
        Assert.Equal(HttpStatusCode.SwitchingProtocols, response.StatusCode);
        using var socket = WebSocket.CreateFromStream(await response.Content.ReadAsStreamAsync(), new WebSocketCreationOptions());
        await socket.SendAsync("ping"u8.ToArray(), WebSocketMessageType.Text, true, default);
        var buffer = new byte[100];
        var received = await socket.ReceiveAsync(buffer, default);
        Assert.Equal("ping", Encoding.UTF8.GetString(buffer, 0, received.Count));
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "done", default);
        Assert.Equal("bye", socket.CloseStatusDescription);
    }

    [Fact]
    public async Task Nothing_listening_is_502_of_its_own_type()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
        listener.Stop();
        using var handler = Forward(address);
        await using var pair = await PairAsync(handler);
        using var response = await pair.GetAsync();
        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Contains("urn:bowline:forward:refused", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "connection_lost")]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n\r\n", "response_invalid")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhal", null)]
    public async Task A_service_that_breaks_off_is_a_problem_or_a_reset_and_never_a_short_body(string answer, string? problem)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var upstream = Task.Run(async () =>
        {
            // A GET that got no answer at all is tried again on a new connection by SocketsHttpHandler.
            while (await Record.ExceptionAsync(async () =>
            {
                using var socket = await listener.AcceptSocketAsync();
                await socket.ReceiveAsync(new byte[4096]);
                await socket.SendAsync(Encoding.ASCII.GetBytes(answer));
            }) is null)
            {
            }
        });
        using var handler = Forward(new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}"));
        await using var pair = await PairAsync(handler);
        if (problem is null)
        {
            await Assert.ThrowsAsync<TunnelException>(async () =>
            {
                using var broken = await pair.GetAsync();
                await broken.Content.ReadAsByteArrayAsync();
            });
        }
        else
        {
            using var response = await pair.GetAsync();
            Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
            Assert.Contains(problem, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        listener.Stop();
        await upstream;
    }

    [Fact]
    public async Task A_certificate_that_does_not_match_is_502_of_its_own_type()
    {
        using var rsa = System.Security.Cryptography.RSA.Create(2048);
        var request = new System.Security.Cryptography.X509Certificates.CertificateRequest("CN=elsewhere", rsa, System.Security.Cryptography.HashAlgorithmName.SHA256, System.Security.Cryptography.RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var upstream = Task.Run(async () =>
        {
            using var tcp = await listener.AcceptTcpClientAsync();
            await using var tls = new System.Net.Security.SslStream(tcp.GetStream());
            await Record.ExceptionAsync(async () =>
            {
                await tls.AuthenticateAsServerAsync(certificate);
                await tls.ReadExactlyAsync(new byte[1]);
            });
        });
        using var handler = Forward(new Uri($"https://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}"));
        await using var pair = await PairAsync(handler);
        using var response = await pair.GetAsync();
        Assert.Contains("certificate_rejected", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await upstream;
    }
}
