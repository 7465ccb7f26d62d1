using System.Buffers;
using System.Text;

namespace Bowline.Nostr.Tests.Messages;

public sealed class ClientMessageTests
{
    private static readonly string Id = new('a', 64);

    [Fact]
    public void Every_message_comes_back_as_it_was()
    {
        using var key = NostrKey.Create();
        var value = key.Sign(1, "x \"y\" \u2028", [new("t", "z")], 5);
        NostrFilter filter = new()
        {
            Ids = [value.Id],
            Authors = [value.PublicKey],
            Kinds = [0, 65535],
            Tags = new Dictionary<char, IReadOnlyList<string>> { ['t'] = ["a", "\u2028\""], ['E'] = [] },
            Since = 1,
            Until = 2,
            Limit = 0,
            Search = "two words",
        };
        foreach (var message in new ClientMessage[]
        {
            new ClientEventMessage(value),
            new ClientAuthMessage(value),
            new ClientRequestMessage("sub \"1\"", [filter, new()]),
            new ClientCountMessage("é", [filter]),
            new ClientCloseMessage("x"),
        })
        {
            var json = Write(message);
            Assert.True(ClientMessageReader.TryRead(json, MessageLimits.Default, out var read, out var problem), problem?.Text);
            Assert.IsType(message.GetType(), read);
            Assert.Equal(Encoding.UTF8.GetString(json), Encoding.UTF8.GetString(Write(read)));
        }
    }

    [Theory]
    [InlineData("", "not JSON")]
    [InlineData("[", "not JSON")]
    [InlineData("{}", "list")]
    [InlineData("[]", "begins with")]
    [InlineData("[1]", "begins with")]
    [InlineData("[\"event\",{}]", "begins with")]
    [InlineData("[\"OK\",\"x\"]", "begins with")]
    [InlineData("[\"\\ud800\"]", "begins with")]
    [InlineData("[\"EVENT\"]", "missing")]
    [InlineData("[\"EVENT\",1]", "object")]
    [InlineData("[\"EVENT\",{}]", "missing")]
    [InlineData("[\"CLOSE\"]", "1 to 64")]
    [InlineData("[\"CLOSE\",\"\"]", "1 to 64")]
    [InlineData("[\"CLOSE\",7]", "1 to 64")]
    [InlineData("[\"REQ\",\"12345678901234567890123456789012345678901234567890123456789012345\",{}]", "1 to 64")]
    [InlineData("[\"REQ\",\"s\"]", "at least one")]
    [InlineData("[\"REQ\",\"s\",[]]", "object")]
    [InlineData("[\"REQ\",\"s\",{},{},{}]", "2 filters")]
    [InlineData("[\"REQ\",\"s\",{\"kinds\":[1,2],\"#t\":[\"a\",\"b\"]}]", "3 values")]
    [InlineData("[\"REQ\",\"s\",{\"kinds\":[1],\"kinds\":[1]}]", "twice")]
    [InlineData("[\"REQ\",\"s\",{\"kinds\":[1.5]}]", "kinds")]
    [InlineData("[\"REQ\",\"s\",{\"kinds\":[99999999999999999999999]}]", "kinds")]
    [InlineData("[\"REQ\",\"s\",{\"since\":1e400}]", "since")]
    [InlineData("[\"REQ\",\"s\",{\"limit\":-1}]", "limit")]
    [InlineData("[\"REQ\",\"s\",{\"#t\":[1]}]", "#t")]
    [InlineData("[\"REQ\",\"s\",{\"#tt\":[]}]", "a filter has")]
    [InlineData("[\"REQ\",\"s\",{\"\\ud800\":[]}]", "object")]
    [InlineData("[\"REQ\",\"s\",{\"ids\":[\"A\"]}]", "ids")]
    [InlineData("[\"REQ\",\"s\",{}", "not JSON")]
    [InlineData("[\"REQ\",\"s\",{}]]", "not JSON")]
    [InlineData("[\"CLOSE\",\"s\"] 1", "not JSON")]
    [InlineData("[\"EVENT\",{\"x\":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}]", "not JSON")]
    public void What_is_wrong_is_said(string json, string words)
    {
        MessageLimits limits = new() { MaxFilters = 2, MaxFilterValues = 3 };
        Assert.False(ClientMessageReader.TryRead(Encoding.UTF8.GetBytes(json), limits, out _, out var problem));
        Assert.Contains(words, problem.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_refusal_is_addressed_as_the_standard_wants_it()
    {
        Assert.Equal(new RelayClosedMessage("s", "invalid: a subscription has at least one filter"), Answer("[\"REQ\",\"s\"]"));
        Assert.IsType<RelayClosedMessage>(Answer("[\"COUNT\",\"s\",{\"limit\":-1}]"));
        Assert.IsType<RelayNoticeMessage>(Answer("[\"REQ\",\"\",{}]"));
        Assert.IsType<RelayNoticeMessage>(Answer("[\"EVENT\",{}]"));
        Assert.IsType<RelayNoticeMessage>(Answer("[\"EVENT\",{\"id\":\"A\"}]"));
        Assert.IsType<RelayNoticeMessage>(Answer("nonsense"));
        var ok = Assert.IsType<RelayOkMessage>(Answer($"[\"EVENT\",{{\"kind\":-1,\"id\":\"{Id}\"}}]"));
        Assert.Equal((Id, false), (ok.EventId.ToString(), ok.Accepted));
        Assert.StartsWith("invalid: kind", ok.Text, StringComparison.Ordinal);
        Assert.IsType<RelayOkMessage>(Answer($"[\"AUTH\",{{\"id\":\"{Id}\"}}]"));
    }

    [Fact]
    public void Elements_we_do_not_know_are_passed_over() =>
        Assert.True(ClientMessageReader.TryRead("[\"CLOSE\",\"s\",{\"a\":[1,2]},null]"u8, MessageLimits.Default, out _, out _));

    private static RelayMessage Answer(string json)
    {
        Assert.False(ClientMessageReader.TryRead(Encoding.UTF8.GetBytes(json), MessageLimits.Default, out _, out var problem));
        return problem.ToAnswer();
    }

    private static byte[] Write(ClientMessage message)
    {
        ArrayBufferWriter<byte> buffer = new();
        ClientMessageWriter.Write(buffer, message);
        return buffer.WrittenSpan.ToArray();
    }
}
