using Bowline.Core.Identity;
using Bowline.Nats;
using Bowline.Tunnel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using TunnelCall;

if (!DeviceId.TryParse(args.FirstOrDefault(), out var device))
{
    await Console.Error.WriteLineAsync("usage: TunnelCall <device id> [nats url]   (TunnelServe prints the device id)");
    return 2;
}

await using var nats = new NatsConnection(new NatsOpts { Url = args.ElementAtOrDefault(1) ?? "nats://127.0.0.1:4222" });
await nats.ConnectAsync();
await using var tunnel = new TunnelClient(new NatsClientCarrier(nats), new TunnelClientOptions(), TimeProvider.System, NullLoggerFactory.Instance);

var services = new ServiceCollection();
services.AddSingleton(tunnel);
services.AddSingleton<ITunnelNodeResolver>(new OneNode(device));
services.AddHttpClient("desk", client => client.BaseAddress = new Uri("http://desk.bowline/")).UseBowlineTunnel();
await using var provider = services.BuildServiceProvider();
using var desk = provider.GetRequiredService<IHttpClientFactory>().CreateClient("desk");
try
{
    Console.Write(await desk.GetStringAsync("/"));
    using var echo = await desk.PostAsync("/echo", new StringContent("and back again\n"));
    Console.Write(await echo.Content.ReadAsStringAsync());
    using var clock = new StreamReader(await desk.GetStreamAsync("/clock"));
    for (var i = 0; i < 3; i++)
    {
        Console.WriteLine(await clock.ReadLineAsync());
        _ = await clock.ReadLineAsync();
    }

    return 0;
}
catch (TunnelException e)
{
    await Console.Error.WriteLineAsync($"{e.Error}: {e.Message}");
    return 3;
}
