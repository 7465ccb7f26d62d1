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

    public static async Task RunAsync(HttpContext context, INodeControl node, TimeProvider time)
    {
        var request = await ReadAsync(context);
        var lease = node.Services.Add(
            new ServiceRecord(request.Name!, new Uri(request.Target!), request.Keep, request.Http2),
            new ServiceOwner(request.ProcessId, time.GetUtcNow()),
            request.Replace);
        try
        {
            var service = lease.Service;
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
            var ending = EndAsync(lease, lines.Writer, context.RequestAborted);
            await foreach (var exchange in lines.Reader.ReadAllAsync(context.RequestAborted))
            {
                var missed = Interlocked.Exchange(ref skipped, 0);
                await WriteAsync(context, new ExposeLine(null, null, null, exchange, missed == 0 ? null : missed));
            }

            await WriteAsync(context, new ExposeLine(null, null, null, null, null, await ending));
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The command ended; that is how this is meant to end.
        }
        finally
        {
            node.Services.Release(lease);
        }
    }

    private static async Task<string> EndAsync(ServiceLease lease, ChannelWriter<ExchangeRecord> lines, CancellationToken cancellationToken)
    {
        try
        {
            var end = await lease.Ended.WaitAsync(cancellationToken);
            return end.ReplacedBy is { } other
                ? $"The name '{lease.Service.Name}' was taken by {other}."
                : $"'{lease.Service.Name}' was removed with bowline expose --remove.";
        }
        finally
        {
            lines.TryComplete();
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
