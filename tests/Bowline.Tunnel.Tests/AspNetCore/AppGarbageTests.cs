using Bowline.Testing.Tunnel;
using Microsoft.AspNetCore.Builder;

namespace Bowline.Tunnel.Tests.AspNetCore;

[Collection(MemoryCollection.Name)]
public sealed class AppGarbageTests(ITestOutputHelper output)
{
    private static readonly byte[] Hello = "hello"u8.ToArray();

    /// <summary>What a small request costs on one thread, once everything is warm; the host's own service scope included.</summary>
    [Theory]
    [InlineData("/plain", 800)]
    [InlineData("/text", 1000)]
    public async Task A_small_request_makes_little_garbage(string path, long limit)
    {
        const int rounds = 2000;
        await using var app = await AppUnderTest.StartAsync(app =>
        {
            app.MapGet("/plain", static context => context.Response.Body.WriteAsync(Hello).AsTask());
            app.MapGet("/text", static () => "hello");
        });
        var exchange = new LeanExchange(path);
        long before = 0;
        for (var i = -rounds; i < rounds; i++)
        {
            if (i == 0)
            {
                before = GC.GetAllocatedBytesForCurrentThread();
            }

            exchange.Reset();
            Assert.True(app.Handler.HandleAsync(exchange).IsCompletedSuccessfully);
            Assert.Equal(5, exchange.Written);
        }

        var each = (GC.GetAllocatedBytesForCurrentThread() - before) / rounds;
        output.WriteLine($"{path}: {each} bytes per request");
        Assert.InRange(each, 0, limit);
    }

    [Fact]
    public async Task A_large_upload_makes_no_garbage_in_proportion()
    {
        const int size = 64 * 1024 * 1024;
        await using var app = await AppUnderTest.StartAsync(app => app.Run(context => context.Request.Body.CopyToAsync(Stream.Null)));
        using var exchange = new TestExchange("POST") { BodyLength = size };
        var block = new byte[16 * 1024];
        var before = GC.GetTotalAllocatedBytes();
        var running = exchange.RunAsync(app.Handler);
        for (var i = 0; i < size / block.Length; i++)
        {
            await exchange.Upload.WriteAsync(block);
        }

        await exchange.Upload.CompleteAsync();
        await running.Soon();
        var allocated = GC.GetTotalAllocatedBytes() - before;
        output.WriteLine($"64 MiB up: {allocated / 1024} KiB allocated");
        Assert.InRange(allocated, 0, 24 * 1024 * 1024);
    }

    [Fact]
    public async Task A_large_response_makes_no_garbage_in_proportion()
    {
        var block = new byte[64 * 1024];
        await using var app = await AppUnderTest.StartAsync(app => app.Run(async context =>
        {
            for (var i = 0; i < 1024; i++)
            {
                await context.Response.Body.WriteAsync(block);
            }
        }));
        using var exchange = new TestExchange();
        var buffer = new byte[64 * 1024];
        var running = exchange.RunAsync(app.Handler);
        var before = GC.GetTotalAllocatedBytes();
        long total = 0;
        while (await exchange.Download.ReadAsync(buffer) is > 0 and var size)
        {
            total += size;
        }

        await running.Soon();
        var allocated = GC.GetTotalAllocatedBytes() - before;
        output.WriteLine($"64 MiB down: {allocated / 1024} KiB allocated");
        Assert.Equal(64 * 1024 * 1024, total);
        Assert.InRange(allocated, 0, 24 * 1024 * 1024);
    }

    /// <summary>An exchange that costs nothing itself.</summary>
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "The stream holds nothing.")]
    private sealed class LeanExchange(string path) : TunnelExchange
    {
        private readonly CountingStream _body = new();
        private bool _started;

        public override string Method => "GET";

        public override string Path => path;

        public override string Service => "default";

        public override TunnelCaller Caller { get; } = TunnelCaller.Account("alice");

        public override TunnelHeaders RequestHeaders { get; } = new() { { "Host", "desk.bowline" }, { "Accept", "*/*" } };

        public override long RequestContentLength => 0;

        public override string Upgrade => "";

        public override Stream RequestBody => Stream.Null;

        public override TunnelHeaders RequestTrailers { get; } = [];

        public override string TraceId => "trace";

        public override CancellationToken Aborted => CancellationToken.None;

        public override bool HasStarted => _started;

        public override Stream ResponseBody => _body;

        public override TunnelHeaders ResponseTrailers { get; } = [];

        public long Written => _body.Total;

        public void Reset() => (_started, _body.Total) = (false, 0);

        public override void StartResponse(int status, TunnelHeaders headers, long contentLength) => _started = true;

        public override void Abort() => throw new NotSupportedException();
    }

    private sealed class CountingStream : MemoryStream
    {
        public long Total { get; set; }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Total += buffer.Length;
            return default;
        }
    }
}
