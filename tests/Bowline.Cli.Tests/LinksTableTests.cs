using Bowline.Cli.Commands;
using Bowline.Cli.HubAccess;
using Spectre.Console;

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

    [Fact]
    public void On_80_columns_only_the_list_of_services_gives_way()
    {
        var services = Enumerable.Range(1, 9).Select(i => new ServiceMessage($"some-service-{i}", "owner")).ToList();
        var link = Link(new EvidenceMessage("probe", Now, 1.8), null, null) with { Services = services };
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(text), Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors });
        console.Profile.Width = 80;
        console.Write(LinksCommand.Table([link], Now).Rich());
        var lines = text.ToString().TrimEnd().Split('\n');
        Assert.All(lines, line => Assert.True(line.TrimEnd().Length <= 80, line));
        Assert.Contains(lines, line => line.Contains("desk", StringComparison.Ordinal) && line.Contains("online", StringComparison.Ordinal) && line.Contains("1.8 ms", StringComparison.Ordinal));
        Assert.All(services, service => Assert.Contains(lines, line => line.Contains(service.Name, StringComparison.Ordinal)));
    }

    private static LinkMessage Link(EvidenceMessage? evidence, double? roundTripMs, DateTimeOffset? at) =>
        new("d", "desk", "desk", "1.0", "online", Now, evidence, roundTripMs, at, null, null, null);
}
