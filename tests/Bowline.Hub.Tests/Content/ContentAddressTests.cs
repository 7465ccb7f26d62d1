using Bowline.Hub.Content;
using Bowline.Testing.Fuzzing;

namespace Bowline.Hub.Tests.Content;

public sealed class ContentAddressTests
{
    [Theory]
    [InlineData("/desk/web/x/y?z", "", true, "desk", "web", "/x/y?z")]
    [InlineData("/desk/web", "", true, "desk", "web", "")]
    [InlineData("/desk/web?q", "", true, "desk", "web", "?q")]
    [InlineData("/desk/web/../../other", "", true, "desk", "web", "/../../other")]
    [InlineData("/t/desk-2/web_1/", "/t", true, "desk-2", "web_1", "/")]
    [InlineData("/desk?/web/", "", false, null, null, null)]
    [InlineData("/desk/", "", false, null, null, null)]
    [InlineData("//web/", "", false, null, null, null)]
    [InlineData("/desk/$node/x", "", false, null, null, null)]
    [InlineData("/de%73k/web/", "", false, null, null, null)]
    [InlineData("http://desk/web/", "", false, null, null, null)]
    [InlineData("*", "", false, null, null, null)]
    public void Paths_are_read_as_they_were_written(string raw, string root, bool ok, string? node, string? service, string? rest)
    {
        Assert.Equal(ok, ContentAddress.TryReadPath(raw, root, out var address));
        if (ok)
        {
            Assert.Equal((node, service, rest), (address.Node, address.Service, address.PathAndQuery));
        }
    }

    [Theory]
    [InlineData("web--desk.apps.org", true, "web", "desk")]
    [InlineData("WEB--Desk-2.apps.org", true, "web", "desk-2")]
    [InlineData("a--b--desk.apps.org", true, "a--b", "desk")]
    [InlineData("web.apps.org", false, null, null)]
    [InlineData("--desk.apps.org", false, null, null)]
    [InlineData("x.web--desk.apps.org", false, null, null)]
    [InlineData("web--desk.evilapps.org", false, null, null)]
    [InlineData("apps.org", false, null, null)]
    public void Hosts_name_service_and_node(string host, bool ok, string? service, string? node)
    {
        Assert.Equal(ok, ContentAddress.TryReadHost(host, "apps.org", out var n, out var s));
        Assert.Equal((ok ? service : s, ok ? node : n), (s, n));
    }

    [Theory]
    [InlineData("/x?y", true)]
    [InlineData("/", true)]
    [InlineData("//evil.example", false)]
    [InlineData("/\\evil.example", false)]
    [InlineData("https://evil.example", false)]
    [InlineData("/a\r\nb", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Redirects_stay_on_their_origin(string? path, bool ok) => Assert.Equal(ok, ContentAddress.IsLocalPath(path));

    [Theory]
    [InlineData("a=1", "/d/w", "a=1; Path=/d/w/")]
    [InlineData("a=1; Path=/x; Secure", "/d/w", "a=1; Secure; Path=/d/w/x")]
    [InlineData("a=1; Domain=example.org; path=relative", "", "a=1; Path=/")]
    [InlineData("a=1; Domain =example.org; path = /x", "/d/w", "a=1; Path=/d/w/x")]
    [InlineData("bowline-session=x", "", null)]
    [InlineData("BOWLINE-content =x", "", null)]
    public void Cookies_of_services_are_kept_to_their_service(string cookie, string prefix, string? expected) => Assert.Equal(expected, ContentHeaders.Scoped(cookie, prefix));

    [Theory]
    [InlineData("bowline-session=1; a=2; bowline-content=3; b=4", "a=2; b=4")]
    [InlineData("bowline-session=1", "")]
    public void The_hubs_cookies_are_taken_out_of_a_request(string header, string expected) => Assert.Equal(expected, ContentHeaders.Cookies(header));

    [Fact]
    [Trait(FuzzRun.Kind, FuzzRun.Name)]
    public void Random_addresses_are_read_or_refused_without_an_exception()
    {
        var random = FuzzRun.Random(20261121);
        const string Alphabet = "/?#%-_.$ aZ9\\:@é";
        for (var i = 0; i < FuzzRun.Rounds(50_000); i++)
        {
            var text = string.Create(random.Next(0, 30), random, static (span, r) =>
            {
                for (var j = 0; j < span.Length; j++)
                {
                    span[j] = Alphabet[r.Next(Alphabet.Length)];
                }
            });
            if (ContentAddress.TryReadPath(text, "", out var address))
            {
                Assert.Equal(text, address.Prefix + address.PathAndQuery);
                Assert.True(address.PathAndQuery.Length == 0 || address.PathAndQuery[0] is '/' or '?' or '#', text);
            }

            _ = ContentAddress.TryReadHost(text, "d", out _, out _);
        }
    }
}
