using Bowline.Cli.Commands;
using Bowline.Cli.HubAccess;

namespace Bowline.Cli.Tests;

public sealed class LinksTableTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("probe", 1.24, "1.2 ms")]
    [InlineData("traffic", null, "0.8 ms (12 s ago)")]
    public void The_round_trip_is_the_last_measured_one_and_says_its_age_when_the_newest_proof_measured_none(string method, double? measured, string expected)
    {
        var link = Link(new EvidenceMessage(method, Now, measured), 0.8, Now.AddSeconds(-12));
        Assert.Equal(expected, LinksCommand.RoundTrip(link, Now));
    }

    [Fact]
    public void A_link_that_was_never_measured_shows_a_dash() => Assert.Equal("-", LinksCommand.RoundTrip(Link(null, null, null), Now));

    private static LinkMessage Link(EvidenceMessage? evidence, double? roundTripMs, DateTimeOffset? at) =>
        new("d", "desk", "desk", "1.0", "online", Now, evidence, roundTripMs, at, null, null, null);
}
