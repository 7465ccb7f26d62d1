using System.Text;
using Bowline.WebRtc.Tests.Peers;

namespace Bowline.WebRtc.Tests.Delivery;

/// <summary>Of two messages the path loses the long one every time: what becomes of the other, and how often is the first tried?</summary>
public sealed class ReliabilityTests(ITestOutputHelper output)
{
    private const int Long = 700;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(700);

    [Fact]
    public async Task An_ordered_and_reliable_channel_waits_for_what_is_lost()
    {
        await using var lossy = await LossyPair.ConnectAsync(new());
        await lossy.SendBothAsync();
        await Assert.ThrowsAsync<TimeoutException>(() => lossy.NextAsync().WaitAsync(Patience));
        lossy.IsLosing = false;
        Assert.Equal(Long, await lossy.NextAsync().WaitAsync(Limit));
        Assert.Equal(1, await lossy.NextAsync().WaitAsync(Limit));
    }

    [Fact]
    public async Task An_unordered_channel_does_not_wait_and_still_loses_nothing()
    {
        await using var lossy = await LossyPair.ConnectAsync(new() { IsOrdered = false });
        await lossy.SendBothAsync();
        Assert.Equal(1, await lossy.NextAsync().WaitAsync(Limit));
        lossy.IsLosing = false;
        Assert.Equal(Long, await lossy.NextAsync().WaitAsync(Limit));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task A_message_is_repeated_as_often_as_its_channel_says_and_then_given_up(int retransmits)
    {
        await using var lossy = await LossyPair.ConnectAsync(new() { MaxRetransmits = retransmits });
        await lossy.SendBothAsync();
        Assert.Equal(1, await lossy.NextAsync().WaitAsync(Limit));
        Assert.Equal(retransmits + 1, lossy.Lost);
    }

    [Fact]
    public async Task A_message_is_tried_for_as_long_as_its_channel_says_and_then_given_up()
    {
        await using var lossy = await LossyPair.ConnectAsync(new() { MaxLifetime = TimeSpan.FromSeconds(1) });
        await lossy.SendBothAsync();
        Assert.Equal(1, await lossy.NextAsync().WaitAsync(Limit));
        output.WriteLine($"tried {lossy.Lost} times");
        Assert.InRange(lossy.Lost, 2, 10);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_channel_can_be_closed_by_either_side_while_the_last_message_of_another_one_is_given_up(bool bySender)
    {
        await using var lossy = await LossyPair.ConnectAsync(new() { MaxRetransmits = 0 });
        var near = lossy.Pair.Offerer.CreateDataChannel("other", new() { NegotiatedId = 10 });
        var far = lossy.Pair.Answerer.CreateDataChannel("other", new() { NegotiatedId = 10 });
        await lossy.SendLongAsync();
        await (bySender ? near : far).CloseAsync().WaitAsync(TimeSpan.FromSeconds(8));
        Assert.Equal(1, lossy.Lost);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(8)]
    public async Task A_connection_ends_by_itself_only_where_that_was_asked_for(int? most)
    {
        var quick = TimeSpan.FromMilliseconds(100);
        var (pair, left, _) = await PeerPair.ConnectAsync(PeerPair.Loopback with
        {
            Sctp = new() { MostRetransmits = most, ShortestTimeout = quick, LongestTimeout = quick, LongestTimeoutWhileSuspect = quick },
        });
        await using var __ = pair;
        await using var silent = await SilentPath.MuteAsync(pair.Answerer);
        var before = pair.Offerer.GetStatistics().Retransmits;
        await left.SendTextAsync("is anybody there?");
        await ChannelTests.WaitUntilAsync(() => pair.Offerer.GetStatistics().Retransmits >= before + 20 || pair.Offerer.Status.State == PeerConnectionState.Failed);
        if (most is null)
        {
            Assert.Equal(PeerConnectionState.Connected, pair.Offerer.Status.State);
        }
        else
        {
            Assert.Equal(WebRtcError.GivenUp, pair.Offerer.Status.Failure?.Error);
            Assert.Equal(before + most, pair.Offerer.GetStatistics().Retransmits);
        }
    }

    [Fact]
    public async Task A_connection_that_the_other_side_ends_was_not_given_up()
    {
        var (pair, left, _) = await PeerPair.ConnectAsync(PeerPair.Loopback with { Sctp = new() { MostRetransmits = 5 } });
        await using var __ = pair;
        await left.SendTextAsync("something");
        await pair.Answerer.DisposeAsync();
        await ChannelTests.WaitUntilAsync(() => pair.Offerer.Status.State != PeerConnectionState.Connected);
        Assert.Equal(WebRtcError.ClosedByPeer, pair.Offerer.Status.Failure?.Error);
    }

    /// <summary>Two connections whose left side loses every datagram that has the long message in it.</summary>
    private sealed class LossyPair(PeerPair pair, IDataChannel left, MemoryPath one, MemoryPath other, IAsyncEnumerator<DataChannelMessage> messages) : IAsyncDisposable
    {
        private readonly byte[] _long = Encoding.ASCII.GetBytes(new string('a', Long));
        private Task<int>? _next;
        private int _lost;

        public PeerPair Pair => pair;

        public bool IsLosing { get; set; } = true;

        public int Lost => Volatile.Read(ref _lost);

        public static async Task<LossyPair> ConnectAsync(DataChannelOptions options)
        {
            var (pair, left, right) = await PeerPair.ConnectAsync(channel: options);
            await DeliveryTests.SettleAsync(left, right);
            var (one, other) = MemoryPath.CreatePair();
            var lossy = new LossyPair(pair, left, one, other, right.ReadAllAsync().GetAsyncEnumerator());
            one.Carries = datagram => !lossy.IsLosing || datagram.Length < Long || Interlocked.Increment(ref lossy._lost) == 0;
            pair.Offerer.UsePath(one);
            pair.Answerer.UsePath(other);
            return lossy;
        }

        public ValueTask SendLongAsync() => left.SendAsync(_long);

        /// <summary>The long message, then a short one.</summary>
        public async Task SendBothAsync()
        {
            await SendLongAsync();
            await left.SendAsync(new byte[1]);
        }

        /// <summary>The length of the next message that arrives.</summary>
        public Task<int> NextAsync()
        {
            if (_next is null || _next.IsCompleted)
            {
                _next = ReadAsync();
            }

            return _next;
        }

        public async ValueTask DisposeAsync()
        {
            await pair.DisposeAsync();
            await one.DisposeAsync();
            await other.DisposeAsync();
        }

        private async Task<int> ReadAsync()
        {
            using var message = await EchoTests.NextAsync(messages);
            return message.Content.Length;
        }
    }
}
