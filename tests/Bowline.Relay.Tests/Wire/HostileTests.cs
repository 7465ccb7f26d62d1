using System.Net.WebSockets;
using System.Text;
using Bowline.Nostr;

namespace Bowline.Relay.Tests.Wire;

public sealed class HostileTests
{
    private static readonly string Deep = new('[', 100_000);

    public static TheoryData<string> Nonsense() =>
    [
        "", "x", "null", "1", "{}", "[]", "[1]", "[\"\"]", "[\"EVENT\"]", "[\"EVENT\",1]", "[\"EVENT\",{}]", "[\"REQ\"]", "[\"REQ\",1]", "[\"CLOSE\"]",
        "[\"AUTH\",\"x\"]", "[\"REQ\",\"\",{}]", "[\"NOPE\",1]", "[\"EVENT\",[[[[", Deep, "[\"EVENT\",{\"x\":" + new string('[', 500) + new string(']', 500) + "}]", "[\"REQ\",\"s\",{}] trailing", "\u0000", "[\"REQ\",\"\\ud800\",{}]",
    ];

    [Theory]
    [MemberData(nameof(Nonsense))]
    public async Task Nonsense_is_answered_with_a_notice_and_the_connection_lives(string text)
    {
        await using var relay = await TestRelay.StartAsync();
        await using var client = await relay.ConnectAsync();
        await client.SendAsync(text);
        Assert.StartsWith("invalid: ", (await client.ReceiveAsync<RelayNoticeMessage>()).Text, StringComparison.Ordinal);
        Assert.True((await client.AskAsync(Make.Note())).Accepted);
    }

    [Fact]
    public async Task What_has_an_id_is_answered_by_it()
    {
        await using var relay = await TestRelay.StartAsync(configure: static options => options.Limits = new() { Filters = 2, FilterValues = 2, SubscriptionIdLength = 4 });
        await using var client = await relay.ConnectAsync();
        var id = new string('a', 64);
        await client.SendAsync($$"""["EVENT",{"id":"{{id}}","kind":"x"}]""");
        Assert.StartsWith("invalid: ", (await client.ReceiveAsync<RelayOkMessage>()).Text, StringComparison.Ordinal);
        string[] questions = ["""["REQ","s"]""", """["REQ","s",{"ids":["x"]}]""", """["REQ","s",{},{},{}]""", """["COUNT","s",{"kinds":[1,2,3]}]"""];
        foreach (var question in questions)
        {
            await client.SendAsync(question);
            var closed = await client.ReceiveAsync<RelayClosedMessage>();
            Assert.Equal("s", closed.SubscriptionId);
            Assert.StartsWith("invalid: ", closed.Text, StringComparison.Ordinal);
        }

        await client.SendAsync("""["REQ","12345",{}]""");
        _ = await client.ReceiveAsync<RelayNoticeMessage>();
    }

    [Fact]
    public async Task Twenty_strikes_end_the_connection()
    {
        await using var relay = await TestRelay.StartAsync();
        await using var client = await relay.ConnectAsync();
        for (var i = 0; i < 20; i++)
        {
            await client.SendAsync("nonsense");
        }

        Assert.StartsWith("""["NOTICE","blocked: too many""", await client.ReadToCloseAsync(), StringComparison.Ordinal);
        Assert.Equal(WebSocketCloseStatus.PolicyViolation, client.Socket.CloseStatus);
    }

    [Fact]
    public async Task Bytes_instead_of_text_are_a_strike()
    {
        await using var relay = await TestRelay.StartAsync();
        await using var client = await relay.ConnectAsync();
        await client.SendAsync(new byte[] { 1, 2, 3 }, WebSocketMessageType.Binary);
        _ = await client.ReceiveAsync<RelayNoticeMessage>();
        await client.SendAsync(new byte[] { (byte)'[', 0xFF, 0xFE }, WebSocketMessageType.Text);
        _ = await client.ReceiveAsync<RelayNoticeMessage>();
        Assert.True((await client.AskAsync(Make.Note())).Accepted);
    }

    [Fact]
    public async Task A_message_in_pieces_of_one_byte_with_a_ping_between_is_one_message()
    {
        await using var relay = await TestRelay.StartAsync();
        using var client = await RawClient.ConnectAsync(relay.WebSocket);
        var value = Make.Note("in pieces");
        var bytes = Encoding.UTF8.GetBytes($"""["EVENT",{value}]""");
        for (var i = 0; i < bytes.Length; i++)
        {
            var first = (byte)((i == 0 ? 1 : 0) | (i == bytes.Length - 1 ? 0x80 : 0));
            await client.SendFrameAsync(first, bytes.AsMemory(i, 1));
            if (i == 10)
            {
                await client.SendFrameAsync(0x89, default);
                Assert.Equal((byte)0x8A, (await client.ReceiveAsync())!.Value.First);
            }
        }

        Assert.Equal($"""["OK","{value.Id}",true,""]""", await client.ReceiveTextAsync());
    }

    [Theory]
    [InlineData(0x81, 2049ul)]
    [InlineData(0x81, 1ul << 40)]
    [InlineData(0x81, ulong.MaxValue)]
    public async Task A_message_that_is_too_long_is_refused_by_its_head(int first, ulong length)
    {
        await using var relay = await TestRelay.StartAsync(configure: static options => options.Limits = new() { MessageBytes = 2048 });
        using var client = await RawClient.ConnectAsync(relay.WebSocket);
        await client.SendFrameAsync((byte)first, "[1]"u8.ToArray(), length);
        Assert.StartsWith("""["NOTICE","invalid: a message has 2048""", await client.ReceiveTextAsync(), StringComparison.Ordinal);
        Assert.Equal(1009, await client.ReceiveCloseAsync());
    }

    [Fact]
    public async Task A_message_that_becomes_too_long_in_pieces_is_refused()
    {
        await using var relay = await TestRelay.StartAsync(configure: static options => options.Limits = new() { MessageBytes = 2048 });
        using var client = await RawClient.ConnectAsync(relay.WebSocket);
        await client.SendFrameAsync(0x01, new byte[1500]);
        await client.SendFrameAsync(0x00, new byte[549]);
        _ = await client.ReceiveTextAsync();
        Assert.Equal(1009, await client.ReceiveCloseAsync());
    }

    [Fact]
    public async Task A_message_of_the_largest_size_is_taken()
    {
        await using var relay = await TestRelay.StartAsync();
        await using var client = await relay.ConnectAsync();
        var value = Make.Note(new string('\n', 256 * 1024 - 1024));
        Assert.True((await client.AskAsync(value)).Accepted);
        Assert.Equal(value.Content, Assert.Single(await client.AskAsync("s", Make.Kind(1))).Content);
    }

    [Theory]
    [InlineData(0xC1, true)] // A reserved bit.
    [InlineData(0x83, true)] // An unknown opcode.
    [InlineData(0x81, false)] // No mask.
    [InlineData(0x80, true)] // Goes on with nothing.
    [InlineData(0x09, true)] // A ping in pieces.
    public async Task A_broken_frame_closes_with_1002(int first, bool masked)
    {
        await using var relay = await TestRelay.StartAsync();
        using var client = await RawClient.ConnectAsync(relay.WebSocket);
        await client.SendFrameAsync((byte)first, "[]"u8.ToArray(), masked: masked);
        _ = await client.ReceiveTextAsync();
        Assert.Equal(1002, await client.ReceiveCloseAsync());
    }

    [Fact]
    public async Task Ten_thousand_subscriptions_in_a_loop_leave_64()
    {
        await using var relay = await TestRelay.StartAsync(configure: static options => options.Limits = new() { RequestsPerConnection = null, RequestsPerAddress = null });
        await using var client = await relay.ConnectAsync();
        var sending = Task.Run(async () =>
        {
            for (var i = 0; i < 10_000; i++)
            {
                await client.SendAsync($$"""["REQ","{{i}}",{"kinds":[20001],"#x":["{{i}}"]}]""");
            }
        });
        for (var i = 0; i < 10_000; i++)
        {
            var text = await client.ReceiveTextAsync();
            Assert.StartsWith(i < 64 ? "[\"EOSE\"" : "[\"CLOSED\"", text, StringComparison.Ordinal);
        }

        await sending;
        Assert.Equal(64, relay.Server.Subscriptions);
        Assert.True((await client.AskAsync(Make.Note())).Accepted);
    }

    [Fact]
    public async Task Too_many_connections_from_one_address_are_refused_and_proxies_are_looked_through()
    {
        await using var relay = await TestRelay.StartAsync(configure: static options =>
        {
            options.Limits = new() { ConnectionsPerAddress = 1 };
            options.TrustedProxies.Add(System.Net.IPNetwork.Parse("127.0.0.1/32"));
        });
        await using var one = await relay.ConnectAsync();
        _ = await Assert.ThrowsAsync<WebSocketException>(relay.ConnectAsync);
        await using var other = await TestClient.ConnectAsync(relay.WebSocket, static options => options.SetRequestHeader("X-Forwarded-For", "198.51.100.7"));
        Assert.True((await other.AskAsync(Make.Note())).Accepted);
        _ = await Assert.ThrowsAsync<WebSocketException>(() => TestClient.ConnectAsync(relay.WebSocket, static options => options.SetRequestHeader("X-Forwarded-For", "198.51.100.7")));
    }

    [Fact]
    public async Task A_wrong_handshake_is_refused()
    {
        await using var relay = await TestRelay.StartAsync();
        using var old = await RawClient.ConnectAsync(relay.WebSocket, version: "8");
        Assert.StartsWith("HTTP/1.1 426", old.Head, StringComparison.Ordinal);
        using var keyless = await RawClient.ConnectAsync(relay.WebSocket, key: "x");
        Assert.StartsWith("HTTP/1.1 400", keyless.Head, StringComparison.Ordinal);
        using var right = await RawClient.ConnectAsync(relay.WebSocket);
        Assert.Contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", right.Head, StringComparison.OrdinalIgnoreCase); // RFC 6455, section 1.3.
    }
}
