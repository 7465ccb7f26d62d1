using System.Net;
using System.Security.Cryptography;
using Bowline.Tunnel.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Bowline.Tunnel.Tests.AspNetCore;

/// <summary>HttpClient, tunnel, minimal API: the whole way, with the registration people write.</summary>
public sealed class AppThroughTunnelTests
{
    [Theory]
    [InlineData("/now")]
    [InlineData("/json")]
    public async Task A_small_exchange_with_an_app_is_two_messages(string path)
    {
        await using var pair = await TunnelPair.StartAsync();
        await using var app = await ServeAsync(pair, Map);
        using var client = Client(pair);
        _ = await client.GetStringAsync(path);
        var messages = 0;
        pair.Bus.Published += _ => messages++;
        Assert.Contains("hello", await client.GetStringAsync(path), StringComparison.Ordinal);
        Assert.Equal(2, messages);

        static void Map(WebApplication app)
        {
            app.MapGet("/now", () => "hello");
            app.MapGet("/json", (HttpContext context) => context.Response.WriteAsJsonAsync("hello"));
        }
    }

    [Fact]
    public async Task An_echo_streams_both_ways_at_once()
    {
        const int size = 16 * 1024 * 1024;
        await using var pair = await TunnelPair.StartAsync();
        await using var app = await ServeAsync(pair, app => app.MapPost("/echo", (HttpContext context) => context.Request.Body.CopyToAsync(context.Response.Body)));
        using var client = Client(pair);
        var sent = Payload.Create(size);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/echo") { Content = Payload.Streaming(sent) };
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).Soon();
        await using var body = await response.Content.ReadAsStreamAsync();
        Assert.Equal(SHA256.HashData(sent), await SHA256.HashDataAsync(body).AsTask().Soon());
    }

    [Fact]
    public async Task An_app_that_fails_answers_500_and_the_next_request_is_served()
    {
        await using var pair = await TunnelPair.StartAsync();
        await using var app = await ServeAsync(pair, app =>
        {
            app.MapGet("/fail", string () => throw new InvalidOperationException("secret"));
            app.MapGet("/", () => "fine");
        });
        using var client = Client(pair);
        using var failed = await client.GetAsync("/fail");
        Assert.Equal((HttpStatusCode.InternalServerError, TunnelProblem.ContentType), (failed.StatusCode, failed.Content.Headers.ContentType?.MediaType));
        var problem = await failed.Content.ReadAsStringAsync();
        Assert.Contains("traceId", problem, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", problem, StringComparison.Ordinal);
        Assert.Equal("fine", await client.GetStringAsync("/"));
    }

    [Fact]
    public async Task A_caller_that_gives_up_aborts_the_request_in_the_app()
    {
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var aborted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var pair = await TunnelPair.StartAsync();
        await using var app = await ServeAsync(pair, app => app.MapGet("/", async (HttpContext context) =>
        {
            context.RequestAborted.Register(aborted.SetResult);
            entered.SetResult();
            await aborted.Task;
        }));
        using var client = Client(pair);
        using var stop = new CancellationTokenSource();
        var asking = client.GetAsync("/", stop.Token);
        await entered.Task.Soon();
        await stop.CancelAsync();

        // Before its first word the caller does not know which instance has the request; the word comes after 50 ms.
        pair.Time.Advance(TimeSpan.FromMilliseconds(60));
        await aborted.Task.WaitAsync(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAnyAsync<Exception>(() => asking);
    }

    [Fact]
    public async Task An_app_is_mapped_while_it_runs_under_its_own_name()
    {
        await using var pair = await TunnelPair.StartAsync();
        await using var app = await ServeAsync(pair, app => app.MapGet("/", () => "by name"), options => options.Service = "web");
        using var client = Client(pair);
        Assert.Equal("by name", await client.GetStringAsync("http://web.desk.bowline/"));
        using var nameless = await client.GetAsync("/");
        Assert.Equal(HttpStatusCode.NotFound, nameless.StatusCode);
        await app.StopAsync();
        using var stopped = await client.GetAsync("http://web.desk.bowline/");
        Assert.Equal(HttpStatusCode.NotFound, stopped.StatusCode);
        Assert.Empty(pair.Server.Services.List());
    }

    private static async Task<WebApplication> ServeAsync(TunnelPair pair, Action<WebApplication> map, Action<TunnelAppOptions>? configure = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(pair.Server);
        builder.WebHost.UseBowlineTunnel(configure);
        var app = builder.Build();
        map(app);
        await app.StartAsync();
        return app;
    }

    private static HttpClient Client(TunnelPair pair)
    {
        var services = new ServiceCollection();
        services.AddSingleton(pair.Client);
        services.AddSingleton<ITunnelNodeResolver>(new Resolver(pair));
        services.AddHttpClient("desk", client => client.BaseAddress = new Uri("http://desk.bowline/")).UseBowlineTunnel();
        return services.BuildServiceProvider().GetRequiredService<IHttpClientFactory>().CreateClient("desk");
    }

    private sealed class Resolver(TunnelPair pair) : ITunnelNodeResolver
    {
        public ValueTask<TunnelTarget?> ResolveAsync(string node, string service, CancellationToken cancellationToken) =>
            new(node == "desk" ? pair.Target(service) : null);
    }
}
