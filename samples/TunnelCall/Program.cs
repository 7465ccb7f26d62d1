// Calls samples/TunnelServe with a plain HttpClient:
//   dotnet run --project samples/TunnelCall -- <device id> [path] [nats url]
using Bowline.Core.Identity;
using Bowline.Nats;
using Bowline.Tunnel;
using Microsoft.Extensions.Logging.Abstractions;

if (args.Length == 0)
{
    await Console.Error.WriteLineAsync("usage: TunnelCall <device id> [path] [nats url]");
    return 2;
}

await using var nats = new NatsConnection(new NatsOpts { Url = args.ElementAtOrDefault(2) ?? "nats://127.0.0.1:4222" });
await using var tunnel = new TunnelClient(new NatsClientCarrier(nats), new TunnelClientOptions(), TimeProvider.System, NullLoggerFactory.Instance);

var services = new ServiceCollection();
services.AddSingleton(tunnel);
services.AddSingleton<ITunnelNodeResolver>(new OneNode(DeviceId.Parse(args[0])));
services.AddHttpClient("desk").UseBowlineTunnel();
await using var provider = services.BuildServiceProvider();

using var client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("desk");
using var response = await client.GetAsync(new Uri("http://desk.bowline" + (args.ElementAtOrDefault(1) ?? "/")), HttpCompletionOption.ResponseHeadersRead);
await response.Content.CopyToAsync(Console.OpenStandardOutput());
return response.IsSuccessStatusCode ? 0 : 1;

internal sealed class OneNode(DeviceId device) : ITunnelNodeResolver
{
    public ValueTask<TunnelTarget?> ResolveAsync(string node, string service, CancellationToken cancellationToken) =>
        new(node == "desk" ? new TunnelTarget(device, service, TunnelCaller.Account("sample")) : null);
}
