using System.Text.Json;
using System.Threading.Channels;
using Bowline.Node.Services;
using Microsoft.AspNetCore.Http;

namespace Bowline.Node.Control;

/// <summary>
/// Exposes a service for as long as the asker holds the answer open, and reports its exchanges as JSON lines. So a service
/// goes away with the command that made it, however that ends.
/// </summary>
internal static class ExposeStream
{
    // What a slow reader may fall behind; beyond it exchanges are counted instead of reported, never held up.
    private const int QueueLength = 256;
    private static readonly byte[] NewLine = "\n"u8.ToArray();

    public static async Task RunAsync(HttpContext context, INodeControl node)
    {
        var request = await ReadAsync(context);
        var service = node.Services.Add(request.Name!, new Uri(request.Target!), request.Keep);
        try
        {
            var lines = Channel.CreateBounded<ExchangeRecord>(new BoundedChannelOptions(QueueLength) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
            var skipped = 0;
            using var watching = request.Inspect
                ? node.Services.Watch(service.Name, exchange =>
                {
                    if (!lines.Writer.TryWrite(exchange))
                    {
                        Interlocked.Increment(ref skipped);
                    }
                })
                : null;
            context.Response.ContentType = "application/x-ndjson";
            var status = node.Status;
            await WriteAsync(context, new ExposeLine(service, status.Hub.NodeName, status.Hub.Url, null, null));
            await foreach (var exchange in lines.Reader.ReadAllAsync(context.RequestAborted))
            {
                var missed = Interlocked.Exchange(ref skipped, 0);
                await WriteAsync(context, new ExposeLine(null, null, null, exchange, missed == 0 ? null : missed));
            }
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The command ended; that is how this is meant to end.
        }
        finally
        {
            if (!service.Kept)
            {
                node.Services.Remove(service.Name);
            }
        }
    }

    private static async Task<ExposeRequest> ReadAsync(HttpContext context)
    {
        try
        {
            var request = await JsonSerializer.DeserializeAsync(context.Request.Body, NodeJson.Default.ExposeRequest, context.RequestAborted);
            if (request is { Name: not null, Target: not null } && Uri.TryCreate(request.Target, UriKind.Absolute, out _))
            {
                return request;
            }
        }
        catch (JsonException failure)
        {
            throw new NodeException(NodeError.ServiceInvalid, "The request is not understood.", failure);
        }

        throw new NodeException(NodeError.ServiceInvalid, "A service needs a name and an absolute target address.");
    }

    private static async Task WriteAsync(HttpContext context, ExposeLine line)
    {
        await JsonSerializer.SerializeAsync(context.Response.Body, line, NodeJson.Default.ExposeLine, context.RequestAborted);
        await context.Response.Body.WriteAsync(NewLine, context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }
}
