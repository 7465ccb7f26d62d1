using System.Text;

namespace Bowline.Nostr.Tests.Events;

public sealed class EventReaderTests
{
    private static readonly string Id = new('a', 64);
    private static readonly string Signature = new('b', 128);
    private static readonly string Plain =
        $$"""{"id":"{{Id}}","pubkey":"{{Id}}","created_at":1,"kind":1,"tags":[["t","x"]],"content":"c","sig":"{{Signature}}"}""";

    [Fact]
    public void An_event_with_unknown_fields_is_read() => Assert.True(TryRead(Plain[..^1] + ",\"x\":{\"y\":[1,null]}}", out _));

    [Fact]
    public void Escapes_are_resolved_in_texts()
    {
        var json = Plain.Replace("\"c\"", "\"\\u0041\\n\\/\\ud83e\\udea2\\u2028\"", StringComparison.Ordinal).Replace("\"x\"", "\"\\t\"", StringComparison.Ordinal);
        Assert.True(EventReader.TryRead(Encoding.UTF8.GetBytes(json), out var value, out _));
        Assert.Equal("A\n/🪢\u2028", value.Content);
        Assert.Equal("\t", value.TagValue("t"));
        Assert.Contains("\"content\":\"A\\n/🪢\u2028\"", value.ToString(), StringComparison.Ordinal);
    }

    // A text that no text can hold, as a name or a value: the comparison of names threw for the first of them.
    [Theory]
    [InlineData("{", "{\"\\ud800\":1,")]
    [InlineData("\"c\"", "\"\\ud800\"")]
    [InlineData("\"x\"", "\"\\udc00\\ud800\"")]
    public void Half_a_character_is_no_text(string part, string instead)
    {
        var json = Plain.Replace(part, instead, StringComparison.Ordinal);
        Assert.Equal(part == "{", TryRead(json, out _));
    }

    [Fact]
    public void Bytes_that_are_not_utf8_are_refused()
    {
        var json = Encoding.UTF8.GetBytes(Plain.Replace("\"c\"", "\"?\"", StringComparison.Ordinal));
        json[Array.IndexOf(json, (byte)'?')] = 0xff;
        Assert.False(EventReader.TryRead(json, out _, out var problem));
        Assert.Contains("content", problem, StringComparison.Ordinal);
    }

    // What one reader takes for the event another would take for another: they must all refuse it.
    [Theory]
    [InlineData("\"id\":\"ID\"")]
    [InlineData("\"pubkey\":\"ID\"")]
    [InlineData("\"created_at\":1")]
    [InlineData("\"kind\":1")]
    [InlineData("\"tags\":[]")]
    [InlineData("\"content\":\"c\"")]
    public void A_field_twice_is_refused(string field)
    {
        Assert.False(TryRead("{" + field.Replace("ID", Id, StringComparison.Ordinal) + "," + Plain[1..], out var problem));
        Assert.Contains("twice", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("id")]
    [InlineData("pubkey")]
    [InlineData("created_at")]
    [InlineData("kind")]
    [InlineData("tags")]
    [InlineData("content")]
    [InlineData("sig")]
    public void A_missing_field_is_named(string field)
    {
        Assert.False(TryRead(Plain.Replace($"\"{field}\"", "\"other\"", StringComparison.Ordinal), out var problem));
        Assert.StartsWith(field, problem, StringComparison.Ordinal);
        Assert.EndsWith("(missing)", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"created_at\":1", "\"created_at\":99999999999999999999999999999999999")]
    [InlineData("\"created_at\":1", "\"created_at\":1e999999999")]
    [InlineData("\"created_at\":1", "\"created_at\":-1")]
    [InlineData("\"created_at\":1", "\"created_at\":1.5")]
    [InlineData("\"created_at\":1", "\"created_at\":\"1\"")]
    [InlineData("\"created_at\":1", "\"created_at\":9007199254740993")]
    [InlineData("\"kind\":1", "\"kind\":65536")]
    [InlineData("\"kind\":1", "\"kind\":null")]
    [InlineData("[[\"t\",\"x\"]]", "[[]]")]
    [InlineData("[[\"t\",\"x\"]]", "[\"t\"]")]
    [InlineData("[[\"t\",\"x\"]]", "[[\"t\",1]]")]
    [InlineData("[[\"t\",\"x\"]]", "{}")]
    [InlineData("\"content\":\"c\"", "\"content\":[]")]
    [InlineData("\"sig\":\"", "\"sig\":\"0")]
    [InlineData("\"id\":\"a", "\"id\":\"A")]
    [InlineData("\"id\":\"a", "\"id\":\"\\u0061")]
    public void A_wrong_value_is_named(string part, string instead)
    {
        Assert.False(TryRead(Plain.Replace(part, instead, StringComparison.Ordinal), out var problem));
        Assert.DoesNotContain("missing", problem, StringComparison.Ordinal);
        Assert.NotEqual("not JSON", problem);
    }

    [Fact]
    public void What_is_not_one_object_is_refused()
    {
        foreach (var json in new[] { "", " ", "null", "[]", Plain + Plain, Plain[..^1], Plain + ",", "{" + new string('[', 100_000) })
        {
            Assert.False(TryRead(json, out var problem));
            Assert.NotNull(problem);
        }

        Assert.False(TryRead(Plain.Replace("\"c\"", new string('[', 200) + new string(']', 200), StringComparison.Ordinal), out _));
    }

    private static bool TryRead(string json, out string? problem) => EventReader.TryRead(Encoding.UTF8.GetBytes(json), out _, out problem);
}
