namespace Bowline.WebRtc.Tests.Interop;

/// <summary>Channels that give messages up, with the other stacks, over a path that loses a share of what either side sends. README.md says what werift cannot do.</summary>
public sealed class LossTests(ITestOutputHelper output)
{
    private const int Count = 100;

    private static readonly ChannelKind OrderedOnce = new("ordered, once", Retransmits: 0);
    private static readonly ChannelKind UnorderedOnce = new("unordered, once", IsOrdered: false, Retransmits: 0);
    private static readonly ChannelKind OrderedBriefly = new("ordered, for 5 ms", Lifetime: 5);

    [Theory]
    [InlineData("ours", "ndc")]
    [InlineData("ndc", "ours")]
    public async Task What_either_side_gives_up_is_missing_and_the_rest_comes_whole_and_once(string offering, string answering)
    {
        ChannelKind[] kinds = [OrderedOnce, UnorderedOnce, OrderedBriefly];
        await using var line = await LossyLine.ConnectAsync(offering, answering, isInParts: true, kinds);
        foreach (var (kind, (there, back)) in await line.TalkAsync(Count, (0.1, 0.1), Closing.Afterwards, kinds))
        {
            output.WriteLine($"{kind.Label}: {there.Count} of {Count} there, {back.Count} back, {line}");
            AssertHeard(there, kind.IsOrdered);
            AssertHeard(back, kind.IsOrdered);
        }
    }

    [Theory]
    [InlineData("ours", "ours")]
    [InlineData("ours", "ndc")]
    [InlineData("ndc", "ours")]
    public async Task Channels_that_have_given_messages_up_close_while_datagrams_are_lost(string offering, string answering)
    {
        ChannelKind[] kinds = [OrderedOnce, UnorderedOnce, OrderedBriefly];
        await using var line = await LossyLine.ConnectAsync(offering, answering, isInParts: true, kinds);
        await line.TalkAsync(count: 20, (0.1, 0.1), Closing.WhileLosing, kinds);
        output.WriteLine($"{line}");
    }

    [Theory]
    [InlineData("ours", "werift", true, 0, null)]
    [InlineData("werift", "ours", true, 0, null)]
    [InlineData("ours", "werift", false, 0, null)]
    [InlineData("ours", "werift", true, null, 5)]
    public async Task What_we_give_up_is_missing_at_werift_and_the_rest_comes_whole_and_once(string offering, string answering, bool isOrdered, int? retransmits, int? lifetime)
    {
        var kind = new ChannelKind("lossy", isOrdered, retransmits, lifetime);
        await using var line = await LossyLine.ConnectAsync(offering, answering, isInParts: false, kind);
        var isOurOffer = offering == "ours";
        var (there, back) = (await line.TalkAsync(Count, isOurOffer ? (0.1, 0) : (0, 0.1), Closing.Never, kind))[kind];
        var (toWerift, toUs) = isOurOffer ? (there, back) : (back, there);
        output.WriteLine($"{toWerift.Count} of {Count} to werift, {toUs.Count} to us, {line}");
        AssertHeard(toWerift, isOrdered);
        Assert.Equal(Enumerable.Range(0, Count), isOrdered ? toUs : toUs.Order());
    }

    private static void AssertHeard(List<int> heard, bool isOrdered)
    {
        Assert.InRange(heard.Count, 1, Count - 1);
        Assert.Equal(heard.Count, heard.Distinct().Count());
        if (isOrdered)
        {
            Assert.Equal(heard.Order(), heard);
        }
    }
}
