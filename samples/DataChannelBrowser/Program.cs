using System.Globalization;
using DataChannelBrowser;
using Microsoft.AspNetCore.HostFiltering;

if (!ushort.TryParse(args.FirstOrDefault() ?? "5080", CultureInfo.InvariantCulture, out var port))
{
    await Console.Error.WriteLineAsync("usage: DataChannelBrowser [port]   (5080; 0 takes a free one)");
    return 2;
}

var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
builder.WebHost.ConfigureKestrel(kestrel =>
{
    kestrel.Listen(System.Net.IPAddress.Loopback, port);
    kestrel.Limits.MaxRequestBodySize = Offers.Longest;
});

// A page of another site must not get here under a name of its own that leads to 127.0.0.1.
builder.Services.Configure<HostFilteringOptions>(static options => options.AllowedHosts = ["127.0.0.1", "localhost"]);
builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
builder.Services.AddSingleton<PageConnections>();
var app = builder.Build();
app.Use(static (context, next) =>
{
    context.Response.Headers.ContentSecurityPolicy = "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'";
    context.Response.Headers.XContentTypeOptions = "nosniff";
    return next(context);
});
app.UseFileServer();
app.MapPost("/offer", Offers.AnswerAsync);
await app.StartAsync();
Console.WriteLine($"open:  {app.Urls.First()}/");
await app.WaitForShutdownAsync();
return 0;
