using System.Security.Cryptography;
using System.Threading.Channels;
using Bowline.Testing.Network;
using Bowline.Testing.Tunnel;
using Bowline.Tunnel.Tests.AspNetCore;
using Bowline.Tunnel.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace Bowline.Tunnel.Tests.Forwarding;

[Collection(MemoryCollection.Name)]
public sealed class ForwardStreamTests(ITestOutputHelper output)
{
    private const int Size = 64 * 1024 * 1024;

    [Fact]
    public async Task A_large_download_arrives_whole_without_garbage_in_proportion()
    {
        var block = Payload.Create(64 * 1024);
        await using var upstream = await Upstream.StartAsync(async context =>
        {
            context.Response.ContentLength = Size;
            for (var i = 0; i < Size / block.Length; i++)
            {
                await context.Response.Body.WriteAsync(block);
            }
        });
        using var exchange = new TestExchange();
        using var expected = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var seen = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[64 * 1024];
        var before = GC.GetTotalAllocatedBytes();
        var running = exchange.RunAsync(upstream.Handler);
        while (await exchange.Download.ReadAsync(buffer).AsTask().Soon() is > 0 and var size)
        {
            seen.AppendData(buffer, 0, size);
        }

        await running.Soon();
        var allocated = GC.GetTotalAllocatedBytes() - before;
        for (var i = 0; i < Size / block.Length; i++)
        {
            expected.AppendData(block);
        }

        output.WriteLine($"64 MiB down through the forwarder, Kestrel included: {allocated / 1024} KiB allocated");
        Assert.Equal(expected.GetHashAndReset(), seen.GetHashAndReset());
        Assert.InRange(allocated, 0, 24 * 1024 * 1024);
    }

    [Fact]
    public async Task A_response_that_nobody_reads_stops_the_service()
    {
        long written = 0;
        var block = new byte[64 * 1024];
        var stuck = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var upstream = await Upstream.StartAsync(async context =>
        {
            while (written < 4L * Size)
            {
                var writing = context.Response.Body.WriteAsync(block, context.RequestAborted);
                if (!writing.IsCompleted && written > 8 * 1024 * 1024)
                {
                    stuck.TrySetResult();
                }

                await writing;
                Interlocked.Add(ref written, block.Length);
            }
        });
        using var exchange = new TestExchange();
        var running = exchange.RunAsync(upstream.Handler);
        _ = await exchange.Head.Soon();
        await Task.WhenAny(stuck.Task, Task.Delay(TimeSpan.FromSeconds(1)));
        var held = GC.GetTotalMemory(forceFullCollection: true);
        output.WriteLine($"unread: the service wrote {Interlocked.Read(ref written) / 1024} KiB into the sockets, {held / 1024 / 1024} MiB live in this process");
        Assert.InRange(Interlocked.Read(ref written), 1, 32 * 1024 * 1024);
        exchange.CancelByCaller();
        await running.Soon();
    }

    [Fact]
    public async Task While_a_source_is_idle_it_holds_no_buffer()
    {
        var source = new WatchedStream();
        using var sink = new MemoryStream();
        var copying = BodyCopy.RunAsync(source, sink, new BodyCount(), CancellationToken.None);
        Assert.Equal(0, await source.Reads.Reader.ReadAsync().AsTask().Soon());
        await source.Feed.Writer.WriteAsync("event"u8.ToArray());
        Assert.Equal(BodyCopy.BufferSize, await source.Reads.Reader.ReadAsync().AsTask().Soon());
        Assert.Equal(0, await source.Reads.Reader.ReadAsync().AsTask().Soon());
        source.Feed.Writer.Complete();
        await copying.Soon();
        Assert.Equal("event", System.Text.Encoding.UTF8.GetString(sink.ToArray()));
    }

    [Fact]
    public async Task The_callers_end_of_an_upgraded_connection_is_passed_on_and_the_service_may_still_speak()
    {
        await using var upstream = new RawUpstream(async connection =>
        {
            var head = await connection.ReadHeadAsync();
            Assert.Contains("Upgrade: tcp\r\n", head, StringComparison.Ordinal);
            Assert.Contains("Connection: Upgrade\r\n", head, StringComparison.Ordinal);
            await connection.SendAsync("HTTP/1.1 101 Switching Protocols\r\nUpgrade: tcp\r\nConnection: Upgrade\r\n\r\nwelcome");
            var heard = "";
            while (await connection.ReadAsync() is { Length: > 0 } more)
            {
                heard += more;
            }

            await connection.SendAsync($"heard {heard}");
        });
        using var handler = new ForwardHandler(upstream.Address);
        using var exchange = new TestExchange { UpgradeTo = "tcp" };
        var running = exchange.RunAsync(handler);
        Assert.Equal(101, (await exchange.Head.Soon()).Status);
        Assert.Equal("welcome", await exchange.Download.ReadTextAsync());
        await exchange.Upload.WriteAsync("last words"u8.ToArray());
        await exchange.Upload.CompleteAsync();
        Assert.Equal("heard last words", await exchange.Download.ReadTextAsync());
        await running.Soon();
        Assert.Null(exchange.Failure);
    }

    [Fact]
    public async Task A_caller_that_gives_up_an_upgraded_connection_closes_it()
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var upstream = new RawUpstream(async connection =>
        {
            _ = await connection.ReadHeadAsync();
            await connection.SendAsync("HTTP/1.1 101 Switching Protocols\r\nUpgrade: tcp\r\nConnection: Upgrade\r\n\r\n");
            _ = await Record.ExceptionAsync(connection.ReadAsync);
            ended.SetResult();
        });
        using var handler = new ForwardHandler(upstream.Address);
        using var exchange = new TestExchange { UpgradeTo = "tcp" };
        var running = exchange.RunAsync(handler);
        _ = await exchange.Head.Soon();
        exchange.CancelByCaller();
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(1));
        await running.Soon();
    }

    [Fact]
    public async Task An_observer_sees_every_exchange_and_its_failure_harms_none()
    {
        var observer = new Observer();
        await using var upstream = await Upstream.StartAsync(async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null);
            context.Response.StatusCode = 201;
            await context.Response.WriteAsync("four");
        }, new ForwardOptions { Observer = observer });
        var (head, _) = await upstream.AskAsync(new TestExchange("POST", "/x?y") { BodyLength = 3 }, "abc"u8.ToArray());
        Assert.Equal(201, head.Status);
        var record = Assert.Single(observer.Records);
        Assert.Equal(("POST", "/x?y", 201, 3L, 4L, ForwardError.None), (record.Method, record.Path, record.Status, record.RequestBytes, record.ResponseBytes, record.Error));
        using var broken = new ForwardHandler(RawUpstream.Nobody(), new ForwardOptions { Observer = observer });
        Assert.Equal(502, (await Upstream.AskAsync(broken, new TestExchange())).Head.Status);
        Assert.Equal((502, ForwardError.Refused), (observer.Records[1].Status, observer.Records[1].Error));
    }

    private sealed class Observer : IForwardObserver
    {
        public List<ForwardRecord> Records { get; } = [];

        public void OnForwarded(in ForwardRecord record)
        {
            Records.Add(record);
            throw new InvalidOperationException("an observer that fails");
        }
    }

    /// <summary>Says with how large a buffer each read waits.</summary>
    private sealed class WatchedStream : MemoryStream
    {
        public Channel<int> Reads { get; } = Channel.CreateUnbounded<int>();

        public Channel<byte[]> Feed { get; } = Channel.CreateUnbounded<byte[]>();

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Reads.Writer.WriteAsync(buffer.Length, cancellationToken);
            if (!await Feed.Reader.WaitToReadAsync(cancellationToken) || buffer.Length == 0)
            {
                return 0;
            }

            var piece = await Feed.Reader.ReadAsync(cancellationToken);
            piece.CopyTo(buffer);
            return piece.Length;
        }
    }
}
