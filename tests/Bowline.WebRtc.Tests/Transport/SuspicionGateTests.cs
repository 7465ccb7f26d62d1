using Bowline.Testing.Time;

namespace Bowline.WebRtc.Tests.Transport;

/// <summary>What passes while a peer is suspected, and what is held back.</summary>
public sealed class SuspicionGateTests
{
    [Fact]
    public void While_a_peer_is_suspect_one_packet_a_second_passes()
    {
        var time = new ManualTimeProvider();
        var gate = new SuspicionGate(time);
        Assert.True(gate.TryPass([0]) && gate.TryPass([0]));
        Assert.True(gate.Set(isSuspect: true, out _));
        Assert.False(gate.Set(isSuspect: true, out _));
        Assert.True(gate.IsProbeDue());
        Assert.True(gate.TryPass([1]));
        Assert.False(gate.TryPass([2]) || gate.IsProbeDue());
        time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.False(gate.TryPass([3]));
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(gate.IsProbeDue());
        Assert.True(gate.TryPass([4]));
        Assert.True(gate.Set(isSuspect: false, out var held));
        Assert.Equal([[2], [3]], held);
        Assert.True(gate.TryPass([5]) && gate.TryPass([6]));
    }

    [Fact]
    public void What_is_held_back_under_suspicion_are_the_newest_packets_and_no_heartbeats()
    {
        var gate = new SuspicionGate(new ManualTimeProvider());
        gate.Set(isSuspect: true, out _);
        var heartbeat = new byte[SctpProbe.Size];
        SctpProbe.Write(heartbeat, header: 1);
        for (byte i = 0; i < 2 * SuppressedPackets.Most + 1; i++)
        {
            Assert.Equal(i == 0, gate.TryPass([i]));
            gate.TryPass(heartbeat);
        }

        gate.Set(isSuspect: false, out var held);
        Assert.Equal([[5], [6], [7], [8]], held);
        gate.Set(isSuspect: true, out _);
        gate.Set(isSuspect: false, out held);
        Assert.Empty(held);
    }

    [Fact]
    public void A_packet_that_is_held_back_again_and_again_is_kept_once_and_moves_to_the_end()
    {
        var packets = new SuppressedPackets();
        for (byte i = 0; i < 3 * SuppressedPackets.Most; i++)
        {
            packets.Keep([1]);
            packets.Keep([i is 0 ? (byte)2 : (byte)3]);
        }

        packets.Keep([1]);
        Assert.Equal([[2], [3], [1]], packets.TakeAll());
    }
}
