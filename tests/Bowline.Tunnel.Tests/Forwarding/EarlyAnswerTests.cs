using System.Net;
using Bowline.Testing.Network;
using Bowline.Testing.Tunnel;
using Bowline.Tunnel.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Bowline.Tunnel.Tests.Forwarding;

/// <summary>A service that answers while it still reads.</summary>
public sealed class EarlyAnswerTests
{
    private const int Large = 64 << 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>A twentieth of the default, so that the test waits a twentieth as long.</summary>
    private static readonly ForwardOptions Hasty = new() { StallTimeout = TimeSpan.FromMilliseconds(250) };

    [Fact]
    public async Task A_large_echo_over_http_1_ends_with_a_typed_problem_and_does_not_hang()
    {
        await using var upstream = new RawUpstream(async connection =>
        {
            _ = await connection.ReadHeadAsync();
            await connection.SendAsync("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
            _ = await connection.EchoAsync();
        });
        using var handler = new ForwardHandler(upstream.Address, Hasty);
        await using var pair = await PairAsync(handler);
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://web.desk.bowline/") { Content = Payload.Streaming(Payload.Create(Large)) };
        using var response = await pair.SendAsync(request).WaitAsync(Patience);
        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Contains("urn:bowline:forward:early_answer", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Over_http_2_both_directions_flow_at_once()
    {
        await using var app = await Http2EchoAsync();
        using var handler = new ForwardHandler(new Uri(app.Urls.Single()), new ForwardOptions { Http2 = true });
        await using var pair = await PairAsync(handler);
        var sent = Payload.Create(Large);
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://web.desk.bowline/") { Content = Payload.Streaming(sent) };
        using var response = await pair.SendAsync(request).WaitAsync(Patience);
        var received = await response.Content.ReadAsByteArrayAsync().WaitAsync(Patience);
        Assert.True(sent.AsSpan().SequenceEqual(received));
    }

    [Fact]
    public async Task A_service_that_speaks_no_http_2_gives_a_problem()
    {
        await using var upstream = await Upstream.StartAsync(context => context.Response.WriteAsync("one"));
        using var handler = new ForwardHandler(upstream.Address, new ForwardOptions { Http2 = true });
        using var exchange = new TestExchange();
        var (head, body) = await Upstream.AskAsync(handler, exchange);
        Assert.Equal(502, head.Status);

        // By what the HTTP client sees first, the answer or the end of its attempt, it says the one or the other.
        Assert.Matches("urn:bowline:forward:(response_invalid|connection_lost)", body);
    }

    private static async Task<WebApplication> Http2EchoAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });
        var app = builder.Build();
        app.Run(context => context.Request.Body.CopyToAsync(context.Response.Body));
        await app.StartAsync();
        return app;
    }

    private static async Task<TunnelPair> PairAsync(ForwardHandler handler)
    {
        var pair = await TunnelPair.StartAsync();
        pair.Server.Services.Map("default", handler, ServiceAccess.Owner);
        return pair;
    }
}
