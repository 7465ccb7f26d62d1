using System.IO.Pipelines;
using Bowline.Tunnel.Tests.Support;

namespace Bowline.Tunnel.Tests.Exchanges;

/// <summary>Two connections of one server have no order between them: nothing that is compared may overtake what it is compared with.</summary>
public sealed class MoveOrderTests
{
    private const int DataFrameType = 4;
    private const int PingFrameType = 8;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_ping_of_the_server_does_not_overtake_the_frames_it_counts()
    {
        var sent = Payload.Create(50_000);
        var steps = new Steps(3);
        await using var pair = await TunnelPair.StartAsync(async exchange =>
        {
            await steps.RunAsync(0, () => WriteAsync(exchange, sent.AsMemory(0, 10_000)));
            await steps.RunAsync(1, () => WriteAsync(exchange, sent.AsMemory(10_000, 20_000)));
            await steps.RunAsync(2, () => WriteAsync(exchange, sent.AsMemory(30_000)));
        });
        var first = steps.StepAsync(0);
        using var response = await pair.GetAsync().WaitAsync(Patience);
        await first;
        var body = await response.Content.ReadAsStreamAsync();
        var received = new byte[sent.Length];
        await body.ReadExactlyAsync(received.AsMemory(0, 10_000)).AsTask().WaitAsync(Patience);

        // On the old connection, but not yet out of it.
        pair.ServerCarrier.HoldOutgoing();
        await steps.StepAsync(1);
        await using var next = pair.Bus.Connect();
        await pair.Server.AttachAsync(next);
        pair.Server.OnReconnected();
        await pair.ClientCarrier.FlushAsync(default);
        pair.ServerCarrier.ReleaseOutgoing();

        await pair.Server.DetachAsync(pair.Instance);
        await steps.StepAsync(2);
        await body.ReadExactlyAsync(received.AsMemory(10_000)).AsTask().WaitAsync(Patience);
        Assert.Equal(Payload.Hash(sent), Payload.Hash(received));
    }

    [Fact]
    public async Task A_ping_of_the_client_does_not_overtake_the_frames_it_counts()
    {
        var received = new MemoryStream();
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var pair = await TunnelPair.StartAsync(async exchange =>
        {
            if (exchange.Path == "/")
            {
                return;
            }

            started.SetResult();
            await exchange.RequestBody.CopyToAsync(received, exchange.Aborted);
        });
        var source = new Pipe();
        var sent = Payload.Create(50_000);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/up") { Content = new StreamContent(source.Reader.AsStream()) };
        var left = 40_000;
        var under = pair.Seen(message => message.FrameType == DataFrameType && (left -= message.Payload.Length - FrameHeader.Size) == 0);
        var upload = pair.SendAsync(request);
        await started.Task.WaitAsync(Patience);
        await source.Writer.WriteAsync(sent.AsMemory(0, 10_000));
        await using var next = pair.Bus.Connect();
        await pair.Server.AttachAsync(next);
        using (var other = await pair.GetAsync().WaitAsync(Patience))
        {
            // From its answer the client knows the new connection, and sends its pings there.
            Assert.True(other.IsSuccessStatusCode);
        }

        // On the old connection, but not yet read from it.
        pair.ServerCarrier.Freeze();
        await source.Writer.WriteAsync(sent.AsMemory(10_000, 30_000));
        await under;
        var pinged = pair.Seen(static message => message.FrameType == PingFrameType && message.Subject.Contains(".in.", StringComparison.Ordinal));
        pair.Client.CheckAlive(pair.Device);
        await pinged;
        await next.FlushAsync(default);
        pair.ServerCarrier.Thaw();

        await pair.Server.DetachAsync(pair.Instance);
        await source.Writer.WriteAsync(sent.AsMemory(40_000));
        await source.Writer.CompleteAsync();
        using var done = await upload.WaitAsync(Patience);
        Assert.True(done.IsSuccessStatusCode);
        Assert.Equal(Payload.Hash(sent), Payload.Hash(received.ToArray()));
    }

    private static async Task WriteAsync(TunnelExchange exchange, ReadOnlyMemory<byte> bytes)
    {
        await exchange.ResponseBody.WriteAsync(bytes, exchange.Aborted);
        await exchange.ResponseBody.FlushAsync(exchange.Aborted);
    }

    /// <summary>What a handler does, one step at a time, each when the test says so.</summary>
    private sealed class Steps(int count)
    {
        private readonly TaskCompletionSource[] _go = [.. Enumerable.Range(0, count).Select(static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))];
        private readonly TaskCompletionSource[] _done = [.. Enumerable.Range(0, count).Select(static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))];

        public async Task RunAsync(int step, Func<Task> work)
        {
            await _go[step].Task;
            try
            {
                await work();
                _done[step].SetResult();
            }
            catch (TunnelException e)
            {
                _done[step].SetException(e);
                throw;
            }
        }

        public Task StepAsync(int step)
        {
            _go[step].SetResult();
            return _done[step].Task.WaitAsync(Patience);
        }
    }
}
