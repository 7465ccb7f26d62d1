using System.IO.Pipelines;
using Bowline.Tunnel.Tests.Support;

namespace Bowline.Tunnel.Tests.Exchanges;

/// <summary>A ping must not count bytes that have not left: the other side would take them for lost, and its window would never be right again.</summary>
public sealed class PingCountTests
{
    private const int DataFrameType = 4;
    private const int PingFrameType = 8;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_frame_that_is_on_its_way_into_the_carrier_is_not_counted_yet()
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var pair = await TunnelPair.StartAsync(async exchange =>
        {
            started.SetResult();
            await exchange.RequestBody.CopyToAsync(Stream.Null, exchange.Aborted);
        });
        var source = new Pipe();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = new StreamContent(source.Reader.AsStream()) };
        var upload = pair.SendAsync(request);
        await started.Task.WaitAsync(Patience);

        // As another thread may ask between the stream's credit and the carrier.
        List<long> counted = [];
        var asked = false;
        pair.Bus.Published += message =>
        {
            if (message.FrameType == PingFrameType && PingFrame.TryRead(message.Payload.AsSpan(FrameHeader.Size), out var totals, out _))
            {
                counted.Add(totals.Sent);
            }
            else if (message.FrameType == DataFrameType && !asked)
            {
                asked = true;
                pair.Client.CheckAlive(pair.Device);
            }
        };
        var bytes = 0;
        var sent = pair.Seen(message => message.FrameType == DataFrameType && (bytes += message.Payload.Length - FrameHeader.Size) == 10_000);
        await source.Writer.WriteAsync(new byte[10_000]);
        await sent;
        await pair.ServerCarrier.FlushAsync(default);
        var later = pair.Seen(static message => message.FrameType == PingFrameType);
        pair.Client.CheckAlive(pair.Device);
        await later;
        Assert.Equal([0, 10_000], counted);
        await source.Writer.CompleteAsync();
        using var response = await upload.WaitAsync(Patience);
    }
}
