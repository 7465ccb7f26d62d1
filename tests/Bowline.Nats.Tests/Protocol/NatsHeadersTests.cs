namespace Bowline.Nats.Tests.Protocol;

public sealed class NatsHeadersTests
{
    [Fact]
    public void A_status_line_is_read()
    {
        var headers = NatsHeaders.Parse("NATS/1.0 408 Request Timeout\r\nNats-Pending-Messages: 3\r\n\r\n"u8);

        Assert.Equal(408, headers.Code);
        Assert.Equal("Request Timeout", headers.MessageText);
        Assert.Equal("3", headers["Nats-Pending-Messages"]);
        Assert.Null(headers["nats-pending-messages"]);
    }

    [Theory]
    [InlineData("a b", "x")]
    [InlineData("a:b", "x")]
    [InlineData("a\r\n", "x")]
    [InlineData("a", "x\r\nInjected: y")]
    [InlineData("a", "x\ny")]
    public void What_would_break_the_block_is_refused(string name, string value) =>
        Assert.Throws<ArgumentException>(() => new NatsHeaders().Add(name, value));

    [Theory]
    [InlineData("")]
    [InlineData("NATS/1.0\r\n")]
    [InlineData("HTTP/1.1 200\r\n\r\n")]
    [InlineData("NATS/1.0\r\nnocolon\r\n\r\n")]
    [InlineData("NATS/1.0\r\n: v\r\n\r\n")]
    public void A_malformed_block_is_refused(string block) =>
        Assert.Throws<NatsProtocolException>(() => NatsHeaders.Parse(System.Text.Encoding.ASCII.GetBytes(block)));
}
