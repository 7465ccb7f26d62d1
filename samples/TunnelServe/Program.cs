// Serves a minimal API through a NATS server, with no port of its own:
//   dotnet run --project samples/TunnelServe -- nats://127.0.0.1:4222
// It prints the device id that samples/TunnelCall asks for.
using Bowline.Core.Identity;
using Bowline.Nats;
using Bowline.Tunnel;

using var key = DeviceKey.Create();
await using var nats = new NatsConnection(new NatsOpts { Url = args.FirstOrDefault() ?? "nats://127.0.0.1:4222" });
await using var tunnel = new TunnelServer(key.Id, new TunnelServerOptions(), TimeProvider.System, LoggerFactory.Create(log => log.AddConsole()));

var builder = WebApplication.CreateSlimBuilder(args);
builder.WebHost.UseBowlineTunnel(tunnel, options => options.Access = ServiceAccess.Everyone);
var app = builder.Build();
app.MapGet("/", (HttpRequest request) => $"Hello, {request.Headers[TunnelCaller.HeaderName]}. It is {DateTimeOffset.Now:T} here.\n");
app.MapGet("/clock", async (HttpContext context) =>
{
    context.Response.ContentType = "text/event-stream";
    for (var i = 0; i < 10; i++)
    {
        await context.Response.WriteAsync($"data: {DateTimeOffset.Now:T}\n\n");
        await context.Response.Body.FlushAsync();
        await Task.Delay(1000, context.RequestAborted);
    }
});

await tunnel.AttachAsync(nats);
Console.WriteLine(key.Id);
await app.RunAsync();
