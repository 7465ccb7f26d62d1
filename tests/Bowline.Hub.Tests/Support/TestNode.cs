using System.Text;
using Bowline.Hub.Store;
using Bowline.Nats;
using Bowline.Tunnel;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bowline.Hub.Tests.Support;

/// <summary>The smallest node: one link by the bridge and a tunnel server that answers status and maps what a test wants.</summary>
internal sealed class TestNode : IAsyncDisposable
{
    private readonly TestDevice _device;

    private TestNode(TestDevice device, NatsConnection connection, TunnelServer server)
    {
        _device = device;
        Connection = connection;
        Server = server;
    }

    public TestDevice Device => _device;

    public NatsConnection Connection { get; }

    public TunnelServer Server { get; }

    public FreezableHandler Status { get; private set; } = null!;

    public static async Task<TestNode> StartAsync(HubFixture hub, TestDevice device, int? port = null)
    {
        var hubId = hub.Get<HubIdentity>().Id;
        var credentials = await device.CredentialsAsync();
        var connection = new NatsConnection(new NatsOpts
        {
            Url = $"ws://{hub.App.Url.Host}:{port ?? hub.App.Url.Port}/nats",
            InboxPrefix = "_INBOX." + device.Id,
            AuthOpts = new NatsAuthOpts { Jwt = credentials, Seed = device.User.Seed },
            WebSocketOpts = new NatsWebSocketOpts
            {
                RequestHeadersCallback = (_, _) => ValueTask.FromResult<IReadOnlyDictionary<string, string>>(new Dictionary<string, string> { ["Authorization"] = "Bearer " + device.Token(), ["Host"] = hub.App.Url.Authority }),
            },
        });
        await connection.ConnectAsync(TestContext.Current.CancellationToken);
        var server = new TunnelServer(device.Id, new TunnelServerOptions { HubId = () => hubId }, TimeProvider.System, NullLoggerFactory.Instance);
        var node = new TestNode(device, connection, server)
        {
            Status = new FreezableHandler($$"""{"hostname":"desk","capabilities":[],"cliVersion":"0.1.0","deviceId":"{{device.Id}}","services":[{"name":"web","access":"everyone"}],"agents":[],"startedAt":"2026-01-01T00:00:00Z"}"""),
        };
        server.Services.MapNode(node.Status);
        await server.AttachAsync(connection, TestContext.Current.CancellationToken);
        await node.SayAsync("here");
        return node;
    }

    public ValueTask SayAsync(string what) =>
        Connection.PublishAsync($"links.{_device.Id}.here", Encoding.UTF8.GetBytes($$"""{"event":"{{what}}","reason":"Start"}"""), cancellationToken: TestContext.Current.CancellationToken);

    public void Map(string service, Func<TunnelExchange, Task> handler) => Server.Services.Map(service, new DelegateHandler(handler), ServiceAccess.Everyone);

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Connection.DisposeAsync();
    }

    private sealed class DelegateHandler(Func<TunnelExchange, Task> handler) : ITunnelHandler
    {
        public Task HandleAsync(TunnelExchange exchange) => handler(exchange);
    }

    /// <summary>Answers a text.</summary>
    internal sealed class FreezableHandler(string text) : ITunnelHandler
    {
        public List<string> Seen { get; } = [];

        public async Task HandleAsync(TunnelExchange exchange)
        {
            lock (Seen)
            {
                Seen.Add($"{exchange.Method} {exchange.Path}");
            }

            var body = Encoding.UTF8.GetBytes(text);
            var headers = new TunnelHeaders();
            headers.Add("Content-Type", "application/json");
            exchange.StartResponse(200, headers, body.Length);
            await exchange.ResponseBody.WriteAsync(body, exchange.Aborted);
        }
    }
}
