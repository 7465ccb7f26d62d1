using System.Security.Cryptography;

namespace Bowline.WebRtc.Tests.Peers;

/// <summary>Channels of two connections of one process: kinds, numbers, closing, and a reader that is slow.</summary>
public sealed class ChannelTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData(true, null, null)]
    [InlineData(false, null, null)]
    [InlineData(false, 0, null)]
    [InlineData(true, 3, null)]
    [InlineData(false, null, 500)]
    public async Task The_other_side_sees_how_a_channel_delivers(bool isOrdered, int? retransmits, int? milliseconds)
    {
        var options = new DataChannelOptions
        {
            IsOrdered = isOrdered,
            MaxRetransmits = retransmits,
            MaxLifetime = milliseconds is { } lifetime ? TimeSpan.FromMilliseconds(lifetime) : null,
            Protocol = "chat.v1",
        };
        var (pair, left, right) = await PeerPair.ConnectAsync(channel: options);
        await using var _ = pair;
        Assert.Equal(options, right.Options);
        Assert.Equal(left.Id, right.Id);
        await right.SendTextAsync("grüße");
        await using var messages = left.ReadAllAsync().GetAsyncEnumerator();
        using var message = await EchoTests.NextAsync(messages);
        Assert.Equal("grüße", message.GetText());
    }

    [Fact]
    public async Task Both_sides_make_many_channels_and_each_message_comes_on_its_own()
    {
        const int Count = 60;
        var (pair, first, _) = await PeerPair.ConnectAsync();
        await using var __ = pair;
        var mine = Enumerable.Range(0, Count).Select(i => (i % 2 == 0 ? pair.Offerer : pair.Answerer).CreateDataChannel($"channel {i}")).ToList();
        Assert.Equal(Count, mine.Select(static channel => channel.Id).Distinct().Count());
        Assert.DoesNotContain(first.Id, mine.Select(static channel => channel.Id));
        var got = await Task.WhenAll(CollectAsync(pair.Answerer, Count / 2), CollectAsync(pair.Offerer, Count / 2), SendAllAsync(mine)).WaitAsync(Limit);
        Assert.Equal(
            Enumerable.Range(0, Count).Select(static i => $"channel {i}").Order(StringComparer.Ordinal),
            got[0].Concat(got[1]).Order(StringComparer.Ordinal));

        static async Task<List<string>> CollectAsync(PeerConnection connection, int count)
        {
            var texts = new List<string>();
            await foreach (var channel in connection.ReadChannelsAsync())
            {
                await using var messages = channel.ReadAllAsync().GetAsyncEnumerator();
                using var message = await EchoTests.NextAsync(messages);
                Assert.Equal(channel.Label, message.GetText());
                texts.Add(message.GetText());
                if (texts.Count == count)
                {
                    break;
                }
            }

            return texts;
        }

        static async Task<List<string>> SendAllAsync(List<IDataChannel> channels)
        {
            foreach (var channel in channels)
            {
                await channel.SendTextAsync(channel.Label);
            }

            return [];
        }
    }

    [Fact]
    public async Task Channels_that_both_sides_agreed_on_need_no_announcement()
    {
        await using var pair = PeerPair.Create();
        var options = new DataChannelOptions { NegotiatedId = 17 };
        var left = pair.Offerer.CreateDataChannel("agreed", options);
        var right = pair.Answerer.CreateDataChannel("agreed", options);
        await pair.NegotiateAsync();
        await Task.WhenAll(left.WaitForOpenAsync(), right.WaitForOpenAsync()).WaitAsync(Limit);
        await right.SendAsync(new byte[] { 1, 2, 3 });
        await using var messages = left.ReadAllAsync().GetAsyncEnumerator();
        using var message = await EchoTests.NextAsync(messages);
        Assert.Equal([1, 2, 3], message.Content.ToArray());
        Assert.Equal(17, right.Id);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Closing_from_either_side_ends_both_and_frees_the_stream(bool byOpener)
    {
        var (pair, left, right) = await PeerPair.ConnectAsync();
        await using var _ = pair;
        var (closing, other) = byOpener ? (left, right) : (right, left);
        await closing.SendTextAsync("last words");
        var heard = ReadToEndAsync(other);
        await closing.CloseAsync().WaitAsync(Limit);
        Assert.Equal(["last words"], await heard.WaitAsync(Limit));
        Assert.Equal(DataChannelState.Closed, closing.State);
        var refused = await Assert.ThrowsAsync<WebRtcException>(async () => await closing.SendTextAsync("too late"));
        Assert.Equal(WebRtcError.Closed, refused.Error);
        var again = pair.Offerer.CreateDataChannel("next");
        await again.WaitForOpenAsync().WaitAsync(Limit);
        Assert.Equal("next", (await pair.NextChannelAsync()).Label);
    }

    [Fact]
    public async Task A_slow_reader_makes_the_sender_wait_and_loses_nothing()
    {
        const int Count = 200;
        const int Size = 64 * 1024;
        var (pair, left, right) = await PeerPair.ConnectAsync();
        await using var _ = pair;
        var data = RandomNumberGenerator.GetBytes(Size);
        var sent = 0;
        var sending = Task.Run(async () =>
        {
            for (; sent < Count; Volatile.Write(ref sent, sent + 1))
            {
                await left.SendAsync(data);
            }
        });

        // Nobody reads: what is held is bounded by the budget, the receive buffer and the send buffer, 1 MiB each.
        var held = await SettleAsync(() => Volatile.Read(ref sent));
        Assert.InRange(held, 16, 3 * 16 + 8);
        Assert.False(sending.IsCompleted);

        var got = 0;
        await foreach (var message in right.ReadAllAsync())
        {
            using (message)
            {
                Assert.True(message.Content.Span.SequenceEqual(data));
            }

            if (++got == Count)
            {
                break;
            }
        }

        await sending.WaitAsync(Limit);
    }

    [Fact]
    public async Task A_send_that_waits_can_be_cancelled_and_the_next_one_goes_on()
    {
        var (pair, left, right) = await PeerPair.ConnectAsync();
        await using var _ = pair;
        var data = new byte[64 * 1024];
        using var cancel = new CancellationTokenSource();
        var count = 0;
        var sending = Task.Run(async () =>
        {
            for (; ; Volatile.Write(ref count, count + 1))
            {
                await left.SendAsync(data, cancel.Token);
            }
        });
        await SettleAsync(() => Volatile.Read(ref count));
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        var last = left.SendTextAsync("after").AsTask();
        await foreach (var message in right.ReadAllAsync())
        {
            using (message)
            {
                if (message.IsText)
                {
                    Assert.Equal("after", message.GetText());
                    break;
                }
            }
        }

        await last.WaitAsync(Limit);
    }

    [Fact]
    public async Task A_channel_that_is_closed_while_the_send_buffer_is_full_opens_says_its_words_and_closes_on_the_other_side()
    {
        var (pair, left, right) = await PeerPair.ConnectAsync();
        await using var _ = pair;
        using var cancel = new CancellationTokenSource();
        var count = 0;
        var bulk = Task.Run(async () =>
        {
            for (; !cancel.IsCancellationRequested; Volatile.Write(ref count, count + 1))
            {
                await left.SendAsync(new byte[100]);
            }
        });
        await SettleAsync(() => left.BufferedAmount > 0 ? 1 : 0); // Not the count: a closed window still lets a message through now and then.
        var late = pair.Offerer.CreateDataChannel("late " + new string('.', 1000)); // Longer than what is free in the buffer.
        var words = late.SendTextAsync("first and last words").AsTask();
        var closing = late.CloseAsync();
        await cancel.CancelAsync();
        var rest = ReadToEndAsync(right);
        var other = await pair.NextChannelAsync();
        Assert.Equal(["first and last words"], await ReadToEndAsync(other).WaitAsync(Limit));
        await Task.WhenAll(words, closing, bulk, left.CloseAsync()).WaitAsync(Limit);
        Assert.Equal(count, (await rest.WaitAsync(Limit)).Count);
    }

    [Fact]
    public async Task Channels_that_are_closed_in_the_moment_the_connection_opens_them_are_closed()
    {
        await using var pair = PeerPair.Create();
        var channels = Enumerable.Range(0, 100).Select(i => pair.Offerer.CreateDataChannel($"{i}")).ToList();
        var closing = Task.Run(() =>
        {
            var closed = new List<Task>();
            foreach (var channel in channels)
            {
                SpinWait.SpinUntil(() => channel.Id is not null, Limit);
                closed.Add(channel.CloseAsync());
            }

            return closed;
        });
        await pair.NegotiateAsync();
        await Task.WhenAll(await closing).WaitAsync(Limit);
        Assert.All(channels, static channel => Assert.Equal(DataChannelState.Closed, channel.State));
    }

    [Fact]
    public async Task A_message_longer_than_the_other_side_takes_is_refused_before_it_leaves()
    {
        var small = PeerPair.Loopback with { MaxMessageSize = 10_000 };
        await using var pair = PeerPair.Create(PeerPair.Loopback, small);
        var left = pair.Offerer.CreateDataChannel("test");
        await pair.NegotiateAsync();
        await left.WaitForOpenAsync().WaitAsync(Limit);
        await left.SendAsync(new byte[10_000]);
        var refused = await Assert.ThrowsAsync<WebRtcException>(async () => await left.SendAsync(new byte[10_001]));
        Assert.Equal(WebRtcError.MessageTooLong, refused.Error);
    }

    [Fact]
    public async Task More_channels_than_the_limit_are_refused_on_the_side_that_has_it()
    {
        await using var pair = PeerPair.Create(PeerPair.Loopback with { MaxChannels = 4 }, PeerPair.Loopback with { MaxChannels = 3 });
        var channels = Enumerable.Range(0, 4).Select(i => pair.Offerer.CreateDataChannel($"{i}")).ToList();
        var refused = Assert.Throws<WebRtcException>(() => pair.Offerer.CreateDataChannel("one more"));
        Assert.Equal(WebRtcError.LimitReached, refused.Error);
        var own = pair.Answerer.CreateDataChannel("of the answerer");
        await pair.NegotiateAsync();

        // Six streams were agreed on, so the offerer has three of its own; the answerer takes two beside the one it made.
        await own.WaitForOpenAsync().WaitAsync(Limit);
        var last = await Assert.ThrowsAsync<WebRtcException>(() => channels[3].WaitForOpenAsync().WaitAsync(Limit));
        Assert.Equal(WebRtcError.LimitReached, last.Error);
        await pair.NextChannelAsync();
        await pair.NextChannelAsync();
        await WaitUntilAsync(() => pair.Answerer.GetStatistics().MessagesRefused == 1);
    }

    internal static async Task<List<string>> ReadToEndAsync(IDataChannel channel)
    {
        var texts = new List<string>();
        await foreach (var message in channel.ReadAllAsync())
        {
            using (message)
            {
                texts.Add(message.GetText());
            }
        }

        return texts;
    }

    /// <summary>Waits until a number has not changed for a while; gives it.</summary>
    internal static async Task<int> SettleAsync(Func<int> read)
    {
        var last = -1;
        using var limit = new CancellationTokenSource(Limit);
        for (var same = 0; same < 5;)
        {
            await Task.Delay(100, limit.Token);
            var now = read();
            same = now == last && now > 0 ? same + 1 : 0;
            last = now;
        }

        return last;
    }

    internal static async Task WaitUntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (!condition())
        {
            await Task.Delay(20, limit.Token);
        }
    }
}
