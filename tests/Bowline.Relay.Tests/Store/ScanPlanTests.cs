using System.Text;
using System.Text.Json;
using Bowline.Nostr;
using Bowline.Relay.Indexing;

namespace Bowline.Relay.Tests.Store;

public sealed class ScanPlanTests
{
    private const string A = "1111111111111111111111111111111111111111111111111111111111111111";
    private const string B = "2222222222222222222222222222222222222222222222222222222222222222";

    [Theory]
    [InlineData("{}", ScanKind.Time)]
    [InlineData("""{"since":1,"until":2}""", ScanKind.Time)]
    [InlineData("""{"since":2,"until":1}""", ScanKind.Nothing)]
    [InlineData("""{"until":-1}""", ScanKind.Nothing)]
    [InlineData("""{"since":-9223372036854775808}""", ScanKind.Time)]
    [InlineData("""{"limit":0}""", ScanKind.Nothing)]
    [InlineData("""{"kinds":[1,1]}""", ScanKind.Kind)]
    [InlineData("""{"kinds":[]}""", ScanKind.Nothing)]
    [InlineData($$"""{"authors":["{{A}}"]}""", ScanKind.Author)]
    [InlineData($$"""{"authors":["{{A}}"],"kinds":[0]}""", ScanKind.AuthorKind)]
    [InlineData($$"""{"authors":["{{A}}"],"#t":["x"]}""", ScanKind.Author)]
    [InlineData($$"""{"authors":["{{A}}","{{B}}"],"#t":["x"]}""", ScanKind.Tag)]
    [InlineData("""{"kinds":[1],"#e":["x"]}""", ScanKind.Tag)]
    [InlineData("""{"#t":[]}""", ScanKind.Nothing)]
    [InlineData($$"""{"ids":["{{A}}"],"kinds":[1]}""", ScanKind.Ids)]
    [InlineData($$"""{"ids":["{{A}}"],"search":"x"}""", ScanKind.Search)]
    [InlineData("""{"search":"x","kinds":[1]}""", ScanKind.Search)]
    [InlineData("""{"search":"..."}""", ScanKind.Nothing)]
    public void A_filter_is_answered_from_the_narrowest_index(string json, object kind) => Assert.Equal(kind, ScanPlan.For(Read(json), Audience.All).Kind);

    [Fact]
    public void The_rarer_tag_is_walked_and_the_others_are_checked()
    {
        var plan = ScanPlan.For(Read("""{"#t":["nostr"],"#e":["x"],"#p":["a","b"]}"""), Audience.All);
        Assert.Equal([IndexKey.OfTag('e', "x")], plan.Tags[0]);
        Assert.Equal(2, plan.TagsToCheck.Count());
    }

    [Fact]
    public void Private_kinds_are_walked_over_only_for_those_who_may_see_some()
    {
        var wraps = Read("""{"kinds":[1059]}""");
        Assert.Equal(ScanKind.Kind, ScanPlan.For(wraps, Audience.All).Kind);
        Assert.Equal(ScanKind.Nothing, ScanPlan.For(wraps, Audience.Anonymous).Kind);
        var own = ScanPlan.For(wraps, Audience.Of(NostrPublicKey.Parse(A)));
        Assert.Equal(ScanKind.Tag, own.Kind);
        Assert.Equal([IndexKey.OfTag('p', A)], own.Tags[0]);
    }

    [Fact]
    public void Words_are_runs_of_letters_and_digits_in_lower_case()
    {
        Assert.Equal(["don", "t", "größe", "x2", "東京", "नमस्ते"], SearchWords.OfSearch("Don't GRÖSSE".Replace("GRÖSSE", "Größe", StringComparison.Ordinal) + " x2 X2 東京 नमस्ते domain:a.b"));
        Assert.Equal(64, SearchWords.OfSearch(new string('a', 500))[0].Length);
        Assert.Equal(SearchWords.MostOfSearch, SearchWords.OfSearch(string.Join(' ', Enumerable.Range(0, 50))).Count);
    }

    private static NostrFilter Read(string json)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
        Assert.True(reader.Read());
        Assert.True(FilterReader.TryRead(ref reader, 100, out var filter, out var problem), problem);
        return filter!;
    }
}
