namespace Bowline.Tunnel.Tests.Streams;

public sealed class InteractivityTests
{
    private static readonly TimeSpan Start = TimeSpan.FromSeconds(5);

    private static TimeSpan At(int ms) => Start + TimeSpan.FromMilliseconds(ms);

    [Fact]
    public void A_stream_is_no_company_of_its_own()
    {
        var seen = new Interactivity();
        Assert.False(seen.IsBeside(1, Start));
        seen.Seen(1, Start);
        seen.Seen(1, At(1));
        Assert.False(seen.IsBeside(1, At(2)));
        Assert.True(seen.IsBeside(2, At(2)));
    }

    [Fact]
    public void Two_streams_are_company_to_each_other_and_to_a_third()
    {
        var seen = new Interactivity();
        seen.Seen(1, Start);
        seen.Seen(2, At(1));
        Assert.All(new uint[] { 1, 2, 3 }, stream => Assert.True(seen.IsBeside(stream, At(2))));
    }

    [Fact]
    public void Company_ends_after_a_while_without_a_word()
    {
        var seen = new Interactivity();
        seen.Seen(1, Start);
        seen.Seen(2, At(40));
        Assert.True(seen.IsBeside(1, At(40) + Interactivity.Lasting - TimeSpan.FromMilliseconds(1)));
        Assert.False(seen.IsBeside(1, At(40) + Interactivity.Lasting));

        // Of the two it is the other's last word that counts.
        Assert.False(seen.IsBeside(2, Start + Interactivity.Lasting));
    }
}
