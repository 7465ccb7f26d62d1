using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Bowline.EndToEnd.Tests.Support;

/// <summary>A local web service as a user would expose it: gives pattern bytes, takes them, and says what it got.</summary>
internal sealed class DataService : IAsyncDisposable
{
    private readonly WebApplication _app;

    private DataService(WebApplication app) => _app = app;

    public Uri Url => new(_app.Urls.Single());

    /// <summary>The end of the last upload as the service saw it: the bytes that fitted the pattern, and whether its body ended without a fault.</summary>
    public TaskCompletionSource<(long Received, bool Complete)> Upload { get; private set; } = NewUpload();

    public static async Task<DataService> StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
        });
        var app = builder.Build();
        var service = new DataService(app);
        app.MapGet("/bytes/{count:long}", GiveAsync);
        app.MapPost("/upload", service.TakeAsync);
        app.MapGet("/hello", (HttpContext context) => $"hello {context.Request.Headers["Bowline-Caller"]}");
        app.MapGet("/header/{name}", (HttpContext context, string name) => context.Request.Headers[name].ToString());
        await app.StartAsync(cancellationToken);
        return service;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static async Task GiveAsync(HttpContext context, long count, bool announced)
    {
        context.Response.ContentLength = announced ? count : null;
        var chunk = new byte[PatternContent.Chunk];
        for (var written = 0L; written < count; written += chunk.Length)
        {
            Pattern.Fill(chunk, written);
            await context.Response.Body.WriteAsync(chunk, context.RequestAborted);
        }
    }

    private async Task TakeAsync(HttpContext context)
    {
        var upload = Upload;
        var received = 0L;
        var buffer = new byte[PatternContent.Chunk];
        try
        {
            int read;
            while ((read = await context.Request.Body.ReadAsync(buffer, context.RequestAborted)) > 0)
            {
                Assert.True(Pattern.Matches(buffer.AsSpan(0, read), received));
                received += read;
            }

            upload.TrySetResult((received, Complete: true));
            await context.Response.WriteAsync(received.ToString(System.Globalization.CultureInfo.InvariantCulture), context.RequestAborted);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            upload.TrySetResult((received, Complete: false));
        }
        catch (Exception e)
        {
            upload.TrySetException(e);
            throw;
        }
    }

    private static TaskCompletionSource<(long Received, bool Complete)> NewUpload() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
