using System.Buffers.Binary;

namespace Bowline.WebRtc.Tests.Channels;

/// <summary>Requests to reset streams that come before the data they are behind.</summary>
public sealed class ResetHoldTests
{
    private static readonly byte[] Header = [0x13, 0x88, 0x13, 0x88, 1, 2, 3, 4, 0, 0, 0, 0];
    private static readonly byte[] Data = [0, 3, 0, 20, 0, 0, 0, 9, 0, 1, 0, 0, 0, 0, 0, 51, 1, 2, 3, 4];

    [Fact]
    public void A_request_waits_until_all_data_before_it_is_acknowledged()
    {
        var hold = new ResetHold();
        Assert.False(hold.Acknowledge([.. Header, .. Data, .. Acknowledgement(9)]));
        Assert.True(hold.Hold([.. Header, .. Request(10)]).IsEmpty);
        Assert.False(hold.TryTake(out _));
        Assert.False(hold.Acknowledge([.. Header, .. Acknowledgement(9)]));
        Assert.True(hold.Acknowledge([.. Header, .. Acknowledgement(10)]));
        Assert.True(hold.TryTake(out var packet));
        Assert.Equal([.. Header, .. Request(10)], packet);
        Assert.False(hold.TryTake(out _));
        Assert.False(hold.Acknowledge([.. Header, .. Acknowledgement(11)]));
    }

    [Fact]
    public void An_acknowledgement_that_was_overtaken_changes_nothing()
    {
        var hold = new ResetHold();
        hold.Acknowledge([.. Header, .. Acknowledgement(10)]);
        hold.Acknowledge([.. Header, .. Acknowledgement(9)]);
        Assert.False(hold.Hold([.. Header, .. Request(10)]).IsEmpty);
    }

    [Fact]
    public void Data_that_was_never_acknowledged_is_waited_for_too()
    {
        var hold = new ResetHold();
        hold.Begin([.. Header, 1, 0, 0, 20, 0, 0, 0, 5, 0, 1, 0, 0, 0, 9, 0, 9, 0, 0, 0, 10]); // An INIT: the first number is 10.
        Assert.False(hold.Hold([.. Header, .. Request(9)]).IsEmpty);
        Assert.True(hold.Hold([.. Header, .. Request(10)]).IsEmpty);
    }

    [Fact]
    public void Whatever_is_beside_it_goes_on()
    {
        var hold = new ResetHold();
        hold.Acknowledge([.. Header, .. Acknowledgement(uint.MaxValue)]);
        Assert.Equal([.. Header, .. Acknowledgement(7), .. Data], hold.Hold([.. Header, .. Acknowledgement(7), .. Request(0), .. Data]).ToArray());
        Assert.True(hold.Acknowledge([.. Header, .. Acknowledgement(0)]));
        Assert.True(hold.TryTake(out var packet));
        Assert.Equal([.. Header, .. Request(0)], packet);
    }

    [Fact]
    public void What_need_not_wait_passes_and_ends_the_waiting_of_what_came_before()
    {
        var hold = new ResetHold();
        byte[] early = [.. Header, .. Request(10)];
        Assert.Equal(early, hold.Hold(early).ToArray()); // There was no data yet.
        hold.Acknowledge([.. Header, .. Acknowledgement(9)]);
        Assert.True(hold.Hold(early).IsEmpty);
        Assert.True(hold.Acknowledge([.. Header, .. Acknowledgement(10)]));
        Assert.Equal(early, hold.Hold(early).ToArray()); // Its sender has repeated it.
        Assert.False(hold.TryTake(out _));
        byte[] answer = [.. Header, 130, 0, 0, 16, 0, 16, 0, 12, 0, 0, 0, 1, 0, 0, 0, 1];
        Assert.Equal(answer, hold.Hold(answer).ToArray());
        byte[] cut = [.. Header, 130, 0, 0, 22, 0, 13, 0, 18, 0, 0, 0, 1];
        Assert.Equal(cut, hold.Hold(cut).ToArray());
        Assert.Equal([1, 2], hold.Hold([1, 2]).ToArray());
    }

    private static byte[] Acknowledgement(uint last)
    {
        byte[] chunk = [3, 0, 0, 16, .. new byte[12]];
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(4), last);
        return chunk;
    }

    /// <summary>A reset of stream 1, with its padding.</summary>
    private static byte[] Request(uint last)
    {
        byte[] chunk = [130, 0, 0, 22, 0, 13, 0, 18, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 0, 0, 1, 0, 0];
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(16), last);
        return chunk;
    }
}
