using System.Security.Cryptography;
using System.Text;

namespace Bowline.WebRtc.Tests.Peers;

/// <summary>Two connections of one process: what one sends, the other gets, byte for byte.</summary>
public sealed class EchoTests
{
    [Fact]
    public async Task Messages_of_all_sizes_arrive_as_they_were_sent_in_both_kinds()
    {
        var (pair, left, right) = await PeerPair.ConnectAsync();
        await using var _ = pair;
        Assert.Equal("test", right.Label);
        var echo = EchoAsync(right);
        await using var answers = left.ReadAllAsync().GetAsyncEnumerator();
        foreach (var size in (int[])[0, 1, 2, 100, 1200, 16_384, 65_535, 65_536, 100_000, 200_000, 262_144])
        {
            var binary = RandomNumberGenerator.GetBytes(size);
            await left.SendAsync(binary);
            using var answer = await NextAsync(answers);
            Assert.False(answer.IsText);
            Assert.True(answer.Content.Span.SequenceEqual(binary), $"{size} bytes of binary came back different");

            var text = Encoding.ASCII.GetString(binary.Select(static b => (byte)('a' + b % 26)).ToArray());
            await left.SendTextAsync(text);
            using var second = await NextAsync(answers);
            Assert.True(second.IsText);
            Assert.Equal(text, second.GetText());
        }

        await left.CloseAsync().WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(22, await echo.WaitAsync(TimeSpan.FromSeconds(10)));
        Assert.Equal(DataChannelState.Closed, right.State);
    }

    internal static async Task<int> EchoAsync(IDataChannel channel)
    {
        var count = 0;
        await foreach (var message in channel.ReadAllAsync())
        {
            using (message)
            {
                await (message.IsText ? channel.SendTextAsync(message.GetText()) : channel.SendAsync(message.Content));
            }

            count++;
        }

        return count;
    }

    internal static async Task<DataChannelMessage> NextAsync(IAsyncEnumerator<DataChannelMessage> messages)
    {
        Assert.True(await messages.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20)));
        return messages.Current;
    }
}
