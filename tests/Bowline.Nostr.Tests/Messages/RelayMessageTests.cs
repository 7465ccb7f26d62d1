using System.Buffers;
using System.Text;

namespace Bowline.Nostr.Tests.Messages;

public sealed class RelayMessageTests
{
    private static readonly string Id = new('a', 64);

    [Fact]
    public void Every_message_comes_back_as_it_was()
    {
        using var key = NostrKey.Create();
        var value = key.Sign(1, "x", null, 5);
        foreach (var message in new RelayMessage[]
        {
            new RelayEventMessage("s", value),
            new RelayOkMessage(value.Id, true, ""),
            new RelayOkMessage(value.Id, false, "blocked: \"you\""),
            new RelayEndOfStoredMessage("s"),
            new RelayClosedMessage("s", "error: é"),
            new RelayNoticeMessage("\u0001\u2028"),
            new RelayAuthMessage("challenge"),
            new RelayCountMessage("s", long.MaxValue, Approximate: true),
            new RelayCountMessage("s", 0),
        })
        {
            var json = Write(message);
            Assert.True(RelayMessageReader.TryRead(json, MessageLimits.Default, out var read, out var problem), problem?.Text);
            Assert.Equal(Encoding.UTF8.GetString(json), Encoding.UTF8.GetString(Write(read)));
            if (message is not RelayEventMessage)
            {
                Assert.Equal(message, read);
            }
        }
    }

    [Fact]
    public void An_event_written_before_is_framed_the_same()
    {
        using var key = NostrKey.Create();
        var value = key.Sign(1, "x", null, 5);
        ArrayBufferWriter<byte> buffer = new();
        RelayMessageWriter.WriteEvent(buffer, "s\"", Encoding.UTF8.GetBytes(value.ToString()));
        Assert.Equal(Encoding.UTF8.GetString(Write(new RelayEventMessage("s\"", value))), Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    [Theory]
    [InlineData("[\"OK\",\"x\",true,\"\"]", "id of an event")]
    [InlineData("[\"OK\",\"ID\",1,\"\"]", "true or false")]
    [InlineData("[\"OK\",\"ID\",true,1]", "then a text")]
    [InlineData("[\"NOTICE\"]", "text")]
    [InlineData("[\"NOTICE\",{}]", "text")]
    [InlineData("[\"AUTH\",\"\"]", "challenge")]
    [InlineData("[\"AUTH\",{}]", "challenge")]
    [InlineData("[\"EOSE\"]", "subscription id")]
    [InlineData("[\"CLOSED\",\"s\",1]", "reason")]
    [InlineData("[\"COUNT\",\"s\",{}]", "count")]
    [InlineData("[\"COUNT\",\"s\",{\"count\":-1}]", "count")]
    [InlineData("[\"COUNT\",\"s\",{\"count\":1e9999}]", "count")]
    [InlineData("[\"COUNT\",\"s\",3]", "count")]
    [InlineData("[\"EVENT\",\"s\"]", "missing")]
    [InlineData("[\"EVENT\",\"s\",{}]", "missing")]
    [InlineData("[\"REQ\",\"s\",{}]", "begins with")]
    public void What_is_wrong_is_said(string json, string words)
    {
        Assert.False(RelayMessageReader.TryRead(Encoding.UTF8.GetBytes(json.Replace("ID", Id, StringComparison.Ordinal)), MessageLimits.Default, out _, out var problem));
        Assert.Contains(words, problem.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[\"OK\",\"ID\",true]")]
    [InlineData("[\"CLOSED\",\"s\"]")]
    [InlineData("[\"EOSE\",\"s\",1,2]")]
    [InlineData("[\"COUNT\",\"s\",{\"hll\":[\"x\"],\"count\":3,\"approximate\":false}]")]
    public void What_relays_leave_out_or_add_is_taken(string json) =>
        Assert.True(RelayMessageReader.TryRead(Encoding.UTF8.GetBytes(json.Replace("ID", Id, StringComparison.Ordinal)), MessageLimits.Default, out _, out _));

    [Theory]
    [InlineData("auth-required: first", ReasonPrefix.AuthRequired, true)]
    [InlineData("auth-required:first", ReasonPrefix.AuthRequired, true)]
    [InlineData("auth-required", ReasonPrefix.AuthRequired, false)]
    [InlineData("error: auth-required: ", ReasonPrefix.AuthRequired, false)]
    public void A_reason_is_known_by_its_prefix(string text, string prefix, bool has) => Assert.Equal(has, ReasonPrefix.Has(text, prefix));

    private static byte[] Write(RelayMessage message)
    {
        ArrayBufferWriter<byte> buffer = new();
        RelayMessageWriter.Write(buffer, message);
        return buffer.WrittenSpan.ToArray();
    }
}
