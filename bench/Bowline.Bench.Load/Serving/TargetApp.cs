using System.Globalization;
using System.Runtime;

namespace Bowline.Bench.Load.Serving;

/// <summary>The app that is measured: the same endpoints whether Kestrel or the tunnel brings the requests.</summary>
internal static class TargetApp
{
    public const long BodySize = 256L << 20;
    private const int BlockSize = 64 << 10;

    private static readonly byte[] Small = "Hello, world!"u8.ToArray();
    private static readonly byte[] Block = new byte[BlockSize];

    public static void Map(WebApplication app)
    {
        app.Run(context => context.Request.Path.Value switch
        {
            "/small" => SmallAsync(context),
            "/big" => BigAsync(context),
            "/up" => UpAsync(context),
            "/memory" => MemoryAsync(context),
            _ => NotFoundAsync(context),
        });
    }

    private static Task SmallAsync(HttpContext context)
    {
        context.Response.ContentType = "text/plain";
        context.Response.ContentLength = Small.Length;
        return context.Response.Body.WriteAsync(Small, context.RequestAborted).AsTask();
    }

    private static async Task BigAsync(HttpContext context)
    {
        context.Response.ContentType = "application/octet-stream";
        context.Response.ContentLength = BodySize;
        for (var sent = 0L; sent < BodySize; sent += BlockSize)
        {
            await context.Response.Body.WriteAsync(Block, context.RequestAborted);
        }
    }

    private static async Task UpAsync(HttpContext context)
    {
        var buffer = new byte[BlockSize];
        var total = 0L;
        int read;
        while ((read = await context.Request.Body.ReadAsync(buffer, context.RequestAborted)) > 0)
        {
            total += read;
        }

        await context.Response.WriteAsync(total.ToString(CultureInfo.InvariantCulture), context.RequestAborted);
    }

    private static Task MemoryAsync(HttpContext context)
        => context.Response.WriteAsync(LiveHeap().ToString(CultureInfo.InvariantCulture), context.RequestAborted);

    private static Task NotFoundAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    /// <summary>Bytes that are still reachable, with what is free given back to the system, so that RSS means something.</summary>
    public static long LiveHeap()
    {
        GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
