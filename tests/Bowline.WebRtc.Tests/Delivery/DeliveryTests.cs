using System.Buffers.Binary;
using Bowline.Testing.Namespaces;
using Bowline.WebRtc.Tests.Peers;

namespace Bowline.WebRtc.Tests.Delivery;

/// <summary>What each kind of channel promises, kept on a path that loses, delays, doubles and reorders.</summary>
public sealed class DeliveryTests(ITestOutputHelper output)
{
    private const int Last = -1;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(40);
    private static readonly Impairment Bad = new() { Loss = 0.08, Duplication = 0.05, Delay = TimeSpan.FromMilliseconds(1), Jitter = TimeSpan.FromMilliseconds(6), Seed = 11 };

    [Theory]
    [InlineData(true, null, null, 1200, 300)]
    [InlineData(false, null, null, 1200, 300)]
    [InlineData(true, 0, null, 400, 400)]
    [InlineData(false, 0, null, 400, 400)]
    [InlineData(false, 2, null, 400, 400)]
    [InlineData(false, null, 5, 400, 400)]
    [InlineData(true, 0, null, 30_000, 40)]
    [InlineData(true, 0, null, 100_000, 40)]
    [InlineData(false, 0, null, 100_000, 40)]
    [InlineData(false, null, 5, 200_000, 40)]
    public async Task A_channel_delivers_as_it_was_made_to(bool isOrdered, int? retransmits, int? lifetime, int size, int count)
    {
        var options = new DataChannelOptions { IsOrdered = isOrdered, MaxRetransmits = retransmits, MaxLifetime = lifetime is { } ms ? TimeSpan.FromMilliseconds(ms) : null };
        var (pair, left, right) = await PeerPair.ConnectAsync(channel: options);
        await using var _ = pair;
        await SettleAsync(left, right);
        var (one, other) = MemoryPath.CreatePair(size < 10_000 ? Bad : BadForLong(size));
        pair.Offerer.UsePath(one);
        pair.Answerer.UsePath(other);

        var sending = SendAsync(left, size, count);
        var got = await ReceiveAsync(right, size).WaitAsync(Limit);
        await sending.WaitAsync(Limit);
        output.WriteLine($"{got.Count} of {count} messages of {size} B, {pair.Offerer.GetStatistics().Retransmits} chunks again");
        Assert.Equal(got.Count, got.Distinct().Count());
        if (isOrdered)
        {
            Assert.Equal(got.Order(), got);
        }

        if (retransmits is null && lifetime is null)
        {
            Assert.Equal(Enumerable.Range(0, count), got.Order());
        }
        else if (retransmits == 0)
        {
            Assert.InRange(got.Count, 1, count - 1); // Some were lost, and nothing waited for them.
        }

        await one.DisposeAsync();
        await other.DisposeAsync();
    }

    [Fact]
    public async Task The_path_changes_under_a_living_association_and_back_and_no_message_is_lost_or_doubled()
    {
        const int Count = 600;
        var (pair, left, right) = await PeerPair.ConnectAsync();
        await using var _ = pair;
        await SettleAsync(left, right);
        var sending = SendAsync(left, 2_000, Count, pause: TimeSpan.FromMilliseconds(2));
        var receiving = ReceiveAsync(right, 2_000);
        var (one, other) = MemoryPath.CreatePair(new() { Delay = TimeSpan.FromMilliseconds(2) });
        await Task.Delay(TimeSpan.FromMilliseconds(300));
        pair.Offerer.UsePath(one);
        pair.Answerer.UsePath(other);
        Assert.Null(pair.Offerer.GetStatistics().Pair);
        await Task.Delay(TimeSpan.FromMilliseconds(300));
        pair.Offerer.RestartIce();
        await pair.NegotiateAsync();
        Assert.Equal(Enumerable.Range(0, Count), await receiving.WaitAsync(Limit));
        await sending;
        await ChannelTests.WaitUntilAsync(() => pair.Offerer.GetStatistics().Pair is not null && pair.Answerer.GetStatistics().Pair is not null);
        await one.DisposeAsync();
        await other.DisposeAsync();
    }

    [Fact]
    public async Task A_path_that_throws_loses_datagrams_and_no_more()
    {
        var (pair, left, right) = await PeerPair.ConnectAsync();
        await using var _ = pair;
        await SettleAsync(left, right);
        var (one, other) = MemoryPath.CreatePair(new());
        await using var broken = new ThrowingPath();
        pair.Offerer.UsePath(broken);
        await left.SendTextAsync("lost at first");
        Assert.InRange(broken.Thrown, 1, int.MaxValue);
        pair.Offerer.UsePath(one);
        pair.Answerer.UsePath(other);
        await using var messages = right.ReadAllAsync().GetAsyncEnumerator();
        using var message = await EchoTests.NextAsync(messages);
        Assert.Equal("lost at first", message.GetText());
        await one.DisposeAsync();
        await other.DisposeAsync();
    }

    /// <summary>A long message is lost with any of its parts, and what comes late counts as lost when nothing is repeated.</summary>
    private static Impairment BadForLong(int size) => Bad with { Loss = 600.0 / size, Jitter = TimeSpan.Zero };

    /// <summary>The opening is acknowledged, so that an unordered channel is unordered.</summary>
    internal static async Task SettleAsync(IDataChannel left, IDataChannel right)
    {
        foreach (var (from, to) in ((IDataChannel, IDataChannel)[])[(left, right), (right, left)])
        {
            await from.SendTextAsync("settled");
            await using var messages = to.ReadAllAsync().GetAsyncEnumerator();
            (await EchoTests.NextAsync(messages)).Dispose();
        }
    }

    private static async Task SendAsync(IDataChannel channel, int size, int count, TimeSpan pause = default)
    {
        var message = new byte[size];
        for (var number = 0; number < count; number++)
        {
            Fill(message, number);
            await channel.SendAsync(message);
            await Task.Delay(pause);
        }

        // An end that may be lost like the others is said until somebody has heard it.
        Fill(message, Last);
        while (channel.State == DataChannelState.Open)
        {
            await channel.SendAsync(message);
            await Task.Delay(50);
        }
    }

    private static async Task<List<int>> ReceiveAsync(IDataChannel channel, int size)
    {
        var numbers = new List<int>();
        var isOver = false;
        await foreach (var message in channel.ReadAllAsync())
        {
            using (message)
            {
                Assert.Equal(size, message.Content.Length);
                var number = BinaryPrimitives.ReadInt32LittleEndian(message.Content.Span);
                Assert.True(message.Content.Span[4..].IndexOfAnyExcept((byte)number) < 0);
                if (number == Last && !isOver)
                {
                    isOver = true;
                    _ = channel.CloseAsync(); // The rest that is under way still comes.
                }

                if (number != Last)
                {
                    numbers.Add(number);
                }
            }
        }

        return numbers;
    }

    private static void Fill(byte[] message, int number)
    {
        message.AsSpan().Fill((byte)number);
        BinaryPrimitives.WriteInt32LittleEndian(message, number);
    }
}
