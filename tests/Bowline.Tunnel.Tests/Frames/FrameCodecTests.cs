using Bowline.Testing.Fuzzing;
using FsCheck;
using FsCheck.Fluent;

namespace Bowline.Tunnel.Tests.Frames;

public sealed class FrameCodecTests
{
    [Fact]
    public void A_header_reads_back_as_it_was_written() => Prop.ForAll<uint, uint, bool>((id, seq, end) =>
    {
        var frame = new byte[FrameHeader.Size];
        var header = new FrameHeader(FrameType.Data, end ? FrameFlags.End : FrameFlags.None, id, seq);
        header.Write(frame);
        return FrameHeader.TryRead(frame, out var read) == (id != 0) && (id == 0 || read == header);
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(0, 0, 0, 1)]
    [InlineData(12, 0, 0, 1)]
    [InlineData(4, 2, 0, 1)]
    [InlineData(4, 0, 1, 1)]
    [InlineData(4, 0, 0, 0)]
    [InlineData(8, 0, 0, 1)]
    [InlineData(5, 0, 0, 1)]
    [InlineData(7, 1, 0, 1)]
    public void A_header_that_breaks_a_rule_is_refused(byte type, byte flags, byte reserved, byte streamId)
    {
        byte[] frame = [type, flags, reserved, 0, streamId, 0, 0, 0, 0, 0, 0, 0];
        Assert.False(FrameHeader.TryRead(frame, out _));
    }

    [Fact]
    public void A_ping_reads_back_as_it_was_written() => Prop.ForAll<uint, uint, PositiveInt>((id, seq, limit) =>
    {
        var frame = PingFrame.Write(7, new(42, limit.Get, 5), [new(id, seq, limit.Get), new(1, 2, 3)]);
        return PingFrame.TryRead(frame.AsSpan(FrameHeader.Size), out var totals, out var count)
            && totals == new PingFrame.Totals(42, limit.Get, 5) && count == 2
            && PingFrame.ReadEntry(frame.AsSpan(FrameHeader.Size), 0) == new PingFrame.Entry(id, seq, limit.Get);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void An_instance_name_reads_back() => Prop.ForAll<ulong, uint>((boot, number) =>
    {
        var id = new InstanceId(boot, number);
        return InstanceId.TryParse(System.Text.Encoding.ASCII.GetBytes(id.Token), out var read) && read == id;
    }).QuickCheckThrowOnFailure();

    [Fact]
    [Trait(FuzzRun.Kind, FuzzRun.Name)]
    public void No_bytes_make_the_frame_parsers_throw()
    {
        var random = FuzzRun.Random(20260101);
        var read = 0;
        for (var i = 0; i < FuzzRun.Rounds(200_000); i++)
        {
            var bytes = new byte[random.Next(0, 64)];
            random.NextBytes(bytes);
            if (bytes.Length > 3 && random.Next(2) == 0)
            {
                bytes[0] = (byte)random.Next(1, 12);
                bytes[1] = (byte)random.Next(0, 2);
                bytes[2] = bytes[3] = 0;
            }

            read += FrameHeader.TryRead(bytes, out _) ? 1 : 0;
            _ = InstanceId.TryRead(bytes, out _);
            _ = InstanceId.TryParse(bytes, out _);
            _ = ControlFrames.TryReadReset(bytes, out _, out _);
            _ = ControlFrames.TryReadWindow(bytes, out _, out _);
            _ = ControlFrames.TryReadPong(bytes, out _, out _);
            if (PingFrame.TryRead(bytes, out _, out var count) && count > 0)
            {
                _ = PingFrame.ReadEntry(bytes, count - 1);
            }

            _ = TunnelSubjects.TrySplit(bytes, out _, out _);
            _ = TunnelSubjects.TryReadOpenReply(bytes, out _, out _);
        }

        Assert.InRange(read, FuzzRun.Rounds(1000), FuzzRun.Rounds(199_000));
    }
}
