using System.Runtime.CompilerServices;
using Bowline.Core.Identity;
using Bowline.Nats;
using Bowline.Tunnel;
using Microsoft.Extensions.Logging.Abstractions;

// Where the tunnel's frames travel, and who this device is. With a hub, the node's link session says both.
await using var nats = new NatsConnection(new NatsOpts { Url = args.FirstOrDefault() ?? "nats://127.0.0.1:4222" });
await nats.ConnectAsync();
using var key = DeviceKey.LoadOrCreate(Path.Combine(Path.GetTempPath(), "bowline-sample.key"));
await using var tunnel = new TunnelServer(key.Id, new TunnelServerOptions { OwnerAccountId = () => "me" }, TimeProvider.System, NullLoggerFactory.Instance);

var builder = WebApplication.CreateBuilder(args);
builder.WebHost.UseBowlineTunnel(tunnel);
var app = builder.Build();
app.MapGet("/", (HttpRequest request) => $"hello {request.Headers[TunnelCaller.HeaderName]}, from a process that listens on no port\n");
app.MapGet("/clock", (CancellationToken stop) => TypedResults.ServerSentEvents(Clock(stop)));
app.MapPost("/echo", (HttpContext context) => context.Request.Body.CopyToAsync(context.Response.Body));
await app.StartAsync();
await tunnel.AttachAsync(nats);
Console.WriteLine($"call me:  dotnet run --project samples/TunnelCall -- {key.Id}");
await app.WaitForShutdownAsync();

static async IAsyncEnumerable<string> Clock([EnumeratorCancellation] CancellationToken stop)
{
    using var tick = new PeriodicTimer(TimeSpan.FromSeconds(1));
    do
    {
        yield return TimeProvider.System.GetLocalNow().ToString("T", null);
    }
    while (await tick.WaitForNextTickAsync(stop));
}
