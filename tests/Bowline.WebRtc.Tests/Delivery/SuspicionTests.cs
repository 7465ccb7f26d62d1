using Bowline.WebRtc.Tests.Peers;

namespace Bowline.WebRtc.Tests.Delivery;

/// <summary>The end of a suspicion.</summary>
public sealed class SuspicionTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    /// <summary>Longer than the test may last: what waits for it does not arrive in time.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(50);

    [Fact]
    public async Task What_was_held_back_leaves_when_the_other_side_is_heard_and_waits_for_no_timeout()
    {
        var slow = new SctpOptions { ShortestTimeout = Timeout, InitialTimeout = Timeout, LongestTimeout = Timeout, LongestTimeoutWhileSuspect = Timeout };
        var (pair, left, right) = await PeerPair.ConnectAsync(PeerPair.Loopback with { Sctp = slow });
        await using var _ = pair;
        await DeliveryTests.SettleAsync(left, right);
        var (one, other) = MemoryPath.CreatePair();
        await using var __ = one;
        await using var ___ = other;
        var isMute = true;
        other.Carries = datagram => !Volatile.Read(ref isMute);
        pair.Answerer.UsePath(other); // First: nothing of it may still go by the old path, which is not mute.
        pair.Offerer.UsePath(one);

        pair.Offerer.SetSuspect(isSuspect: true);
        await left.SendTextAsync("one");
        await left.SendTextAsync("two");
        await left.SendTextAsync("three");
        Assert.True(pair.Offerer.IsSuspect);
        Volatile.Write(ref isMute, false);
        await right.SendTextAsync("here");

        using var limit = new CancellationTokenSource(Limit);
        await using var messages = right.ReadAllAsync(limit.Token).GetAsyncEnumerator();
        foreach (var expected in (string[])["one", "two", "three"])
        {
            using var message = await EchoTests.NextAsync(messages);
            Assert.Equal(expected, message.GetText());
        }
    }
}
