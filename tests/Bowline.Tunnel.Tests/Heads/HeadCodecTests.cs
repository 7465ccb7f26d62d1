using Bowline.Testing.Fuzzing;
using Bowline.Tunnel.Tests.Support;
using FsCheck;
using FsCheck.Fluent;

namespace Bowline.Tunnel.Tests.Heads;

public sealed class HeadCodecTests
{
    private static RequestHead Sample()
    {
        var head = new RequestHead
        {
            Method = "POST",
            Path = "/a%2Fb/../c?q=1&q=2",
            Service = "web",
            CallerKind = "account",
            CallerId = "alice",
            SentUnixMs = 123456789,
            AgeLimitMs = 1000,
            DeadlineMs = 5000,
            ContentLength = 7,
            Upgrade = "websocket",
            ExpectContinue = true,
        };
        head.Headers.Add("Set-Cookie", "a=1");
        head.Headers.Add("x-first", "1");
        head.Headers.Add("Set-Cookie", "b=2");
        head.Headers.Add("x-name", "Jürgen");
        return head;
    }

    private static byte[] Write(RequestHead head, ReadOnlySpan<byte> body = default)
    {
        var writer = new HeadWriter(0);
        HeadCodec.WriteRequest(ref writer, head);
        writer.Bytes(body);
        var bytes = writer.Written.ToArray();
        writer.Dispose();
        return bytes;
    }

    [Fact]
    public void A_request_head_keeps_path_order_and_repetition()
    {
        var head = Sample();
        var read = new RequestHead();
        Assert.Equal(HeadVerdict.Ok, HeadCodec.ReadRequest(Write(head, "body"u8), read, out var body));
        Assert.Equal("body"u8, body);
        Assert.Equivalent(head, read);
        Assert.Equal(head.Headers, read.Headers);
    }

    [Fact]
    public void Header_values_of_any_text_come_through_or_are_refused() => Prop.ForAll<NonNull<string>>(value =>
    {
        var head = new RequestHead();
        head.Headers.Add("x-test", value.Get);
        var read = new RequestHead();
        var verdict = HeadCodec.ReadRequest(Write(head), read, out _);
        var bad = value.Get.AsSpan().ContainsAny('\r', '\n', '\0');
        var plain = !value.Get.Any(char.IsSurrogate);
        return bad ? verdict == HeadVerdict.Malformed : !plain || (verdict == HeadVerdict.Ok && read.Headers[0].Value == value.Get);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_block_over_64_KiB_is_too_large()
    {
        var head = Sample();
        head.Headers.Add("x-big", new string('a', 40_000));
        head.Headers.Add("x-big", new string('a', 40_000));
        Assert.Equal(HeadVerdict.TooLarge, HeadCodec.ReadRequest(Write(head), new RequestHead(), out _));
    }

    [Fact]
    public void Another_version_is_told_from_a_broken_block()
    {
        var bytes = Write(Sample());
        bytes[4] = 9;
        Assert.Equal(HeadVerdict.Version, HeadCodec.ReadRequest(bytes, new RequestHead(), out _));
    }

    [Theory]
    [InlineData("GET ", "/", "web")]
    [InlineData("GET", "no-slash", "web")]
    [InlineData("GET", "/with space", "web")]
    [InlineData("GET", "/", "Web")]
    [InlineData("GET", "/", "")]
    public void A_head_that_breaks_a_rule_is_malformed(string method, string path, string service)
    {
        var head = new RequestHead { Method = method, Path = path, Service = service };
        Assert.Equal(HeadVerdict.Malformed, HeadCodec.ReadRequest(Write(head), new RequestHead(), out _));
    }

    [Fact]
    [Trait(FuzzRun.Kind, FuzzRun.Name)]
    public void Damaged_heads_never_throw_and_are_mostly_refused()
    {
        var random = FuzzRun.Random(7);
        var good = Write(Sample(), Payload.Create(20));
        var refused = 0;
        for (var i = 0; i < FuzzRun.Rounds(100_000); i++)
        {
            var bytes = good.AsSpan(0, random.Next(3) == 0 ? random.Next(good.Length) : good.Length).ToArray();
            for (var flips = random.Next(1, 6); flips > 0 && bytes.Length > 0; flips--)
            {
                bytes[random.Next(Math.Min(bytes.Length, random.Next(2) == 0 ? 48 : bytes.Length))] = (byte)random.Next(256);
            }

            refused += HeadCodec.ReadRequest(bytes, new RequestHead(), out _) == HeadVerdict.Ok ? 0 : 1;
            _ = HeadCodec.ReadResponse(bytes, new ResponseHead(), out _);
            _ = HeadCodec.ReadTrailers(bytes, []);
        }

        Assert.InRange(refused, FuzzRun.Rounds(50_000), FuzzRun.Rounds(100_000));
    }

    [Theory]
    [InlineData("http://web.Desk.bowline/a/../b?x=%41#frag", "/a/../b?x=%41")]
    [InlineData("http://web.desk.bowline", "/")]
    [InlineData("http://web.desk.bowline?x=1", "/?x=1")]
    [InlineData("http://desk.bowline/%2e%2e/x", "/%2e%2e/x")]
    public void The_path_goes_out_as_it_was_written(string uri, string path) => Assert.Equal(path, RequestHeads.PathAndQuery(new Uri(uri)));

    [Theory]
    [InlineData("http://web.Desk.bowline/x", "Desk", "web")]
    [InlineData("http://desk.bowline", "desk", "default")]
    [InlineData("http://user@web.desk.bowline:80/", "desk", "web")]
    public void An_address_names_service_and_node(string uri, string node, string service)
    {
        Assert.True(TunnelAddress.TryParse(new Uri(uri), out var address));
        Assert.Equal(new TunnelAddress(node, service), address);
    }

    [Theory]
    [InlineData("http://example.com/")]
    [InlineData("http://bowline/")]
    [InlineData("http://a.b.c.bowline/")]
    public void Other_addresses_are_not_ours(string uri) => Assert.False(TunnelAddress.TryParse(new Uri(uri), out _));
}
