using System.Buffers.Binary;
using Bowline.Tunnel.Tests.Support;

namespace Bowline.Tunnel.Tests.Exchanges;

/// <summary>A transfer makes room for short exchanges: small frames, and little of it under way.</summary>
public sealed class CompanyTests
{
    private const byte DataFrame = 4;
    private const byte WindowFrame = 6;
    private const byte PingFrameType = 8;
    private const int Big = 4 * 1024 * 1024;
    private const uint BigStream = 1;

    [Fact]
    public async Task A_transfer_beside_short_exchanges_is_given_a_small_window_and_small_frames()
    {
        var payload = Payload.Create(Big);
        await using var pair = await TunnelPair.StartAsync(exchange => exchange.Path == "/big"
            ? exchange.ResponseBody.WriteAsync(payload, exchange.Aborted).AsTask()
            : TestHandler.Hello(exchange));
        long limit = 0;
        var longest = 0;
        pair.Bus.Published += message =>
        {
            if (message is { FrameType: WindowFrame, StreamId: BigStream })
            {
                limit = BinaryPrimitives.ReadInt64LittleEndian(message.Payload.AsSpan(12));
            }

            if (message is { FrameType: DataFrame, StreamId: BigStream })
            {
                longest = Math.Max(longest, message.Payload.Length);
            }
        };

        using var response = await pair.GetAsync("/big");
        await using var body = await response.Content.ReadAsStreamAsync();
        var received = new byte[Big];
        await MeasureRoundTripAsync(pair, body, received.AsMemory(0, 256 * 1024));
        Assert.Equal(32 * 1024 + 12, longest);
        var read = 256 * 1024;
        Assert.True(limit - read > 64 * 1024, $"alone it may have {limit - read} under way");

        while (read < Big)
        {
            longest = 0;
            using (var small = await pair.GetAsync("/small"))
            {
                Assert.Equal("hello", await small.Content.ReadAsStringAsync());
            }

            await body.ReadExactlyAsync(received.AsMemory(read, 128 * 1024));
            read += 128 * 1024;

            // What was granted before the company came is never taken back; after that it is one small window.
            Assert.True(read <= 512 * 1024 || limit - read <= 40 * 1024, $"{limit - read} bytes may be under way after {read}");
            Assert.True(read <= 512 * 1024 || longest <= 16 * 1024 + 12, $"a frame of {longest} bytes");
        }

        Assert.Equal(Payload.Hash(payload), Payload.Hash(received));
    }

    /// <summary>The first window that is read asks for the round trip: half a millisecond passes before it is answered.</summary>
    private static async Task MeasureRoundTripAsync(TunnelPair pair, Stream body, Memory<byte> destination)
    {
        var pinged = pair.Seen(static message => message is { FrameType: PingFrameType });
        var answered = pair.Seen(static message => message is { FrameType: 9 });
        pair.ServerCarrier.Freeze();
        await body.ReadExactlyAsync(destination);
        _ = await pinged;
        pair.Time.Advance(TimeSpan.FromMilliseconds(0.5));
        pair.ServerCarrier.Thaw();
        _ = await answered;
    }
}
