using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Bowline.Bench.Load.Serving;

/// <summary><c>serve-http</c>: the target app in Kestrel on a free loopback port, until stdin ends.</summary>
internal static class HttpServe
{
    public static async Task<int> RunAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k =>
        {
            k.Listen(IPAddress.Loopback, 0);
            k.Limits.MaxRequestBodySize = null;
        });
        await using var app = builder.Build();
        TargetApp.Map(app);
        await app.StartAsync();
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        await Ready.SayAsync(address);
        await Ready.UntilStdinEndsAsync();
        await app.StopAsync();
        return 0;
    }
}
