using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using Bowline.Hub.Accounts;
using Bowline.Hub.Content;
using Bowline.Hub.Devices;
using Bowline.Hub.Tests.Support;
using Bowline.Tunnel;

namespace Bowline.Hub.Tests.Content;

public sealed class BrowserContentTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_signed_in_browser_reaches_a_service_on_the_content_origin_with_its_address_untouched()
    {
        await using var content = await ContentFixture.StartAsync();
        using var response = await content.NavigateAsync(content.Content("/desk/web/a%2Fb/?q=1%20+2"));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var seen = await response.Content.ReadAsStringAsync(Token);
        Assert.StartsWith("GET /a%2Fb/?q=1%20+2 account", seen, StringComparison.Ordinal);
        Assert.Contains("X-Forwarded-Prefix: /desk/web", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("bowline-", seen, StringComparison.Ordinal);
        Assert.DoesNotContain(content.Session, seen, StringComparison.Ordinal);
        using var again = await content.Browser.GetAsync(content.Content("/desk/web/fetched"), Token);
        Assert.StartsWith("GET /fetched", await again.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_its_cookie_a_service_answers_nobody_and_a_cookie_opens_one_service_only()
    {
        await using var content = await ContentFixture.StartAsync();
        using (var stranger = await content.Hub.Http.GetAsync(content.Content("/desk/web/"), Token))
        {
            await HubFixture.IsProblemAsync(stranger, 401, "unauthenticated");
        }

        using var page = await content.NavigateAsync(content.Content("/desk/web/"));
        var cookie = content.Cookies.GetCookies(content.Content("/desk/web/"))[ContentKeys.CookieName]!;
        Assert.Equal("/desk/web/", cookie.Path);
        Assert.True(cookie.HttpOnly);
        using var other = new HttpRequestMessage(HttpMethod.Get, content.Content("/desk/other/"));
        other.Headers.Add("Cookie", $"{ContentKeys.CookieName}={cookie.Value}");
        using var refused = await content.Hub.Http.SendAsync(other, Token);
        await HubFixture.IsProblemAsync(refused, 401, "unauthenticated");
    }

    [Fact]
    public async Task A_ticket_works_once_for_its_service_and_for_half_a_minute()
    {
        await using var content = await ContentFixture.StartAsync();
        var keys = content.Hub.Get<ContentKeys>();
        var device = content.Hub.Get<DeviceStore>().Find(content.Device.Id)!;
        var ticket = keys.NewTicket("session", device, "web");
        Assert.Null(keys.UseTicket(ticket, device, "other"));
        Assert.Null(keys.ReadCookie(ticket, device, "web"));
        Assert.Equal("session", keys.UseTicket(ticket, device, "web"));
        Assert.Null(keys.UseTicket(ticket, device, "web"));
        var late = keys.NewTicket("session", device, "web");
        Assert.Null(keys.UseTicket(late[..^2] + "xx", device, "web"));
        content.Hub.Time.Advance(ContentKeys.TicketLife);
        Assert.Null(keys.UseTicket(late, device, "web"));
    }

    [Fact]
    public async Task Signing_out_closes_the_services_too()
    {
        await using var content = await ContentFixture.StartAsync();
        using (var page = await content.NavigateAsync(content.Content("/desk/web/")))
        {
            Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        }

        var account = content.Hub.Get<AccountStore>().EnsureAdministrator().Id;
        Assert.True(content.Hub.Get<SessionStore>().Revoke(account, content.Hub.Get<SessionStore>().Find(content.Session)!.Value.SessionId));
        using var after = await content.Browser.GetAsync(content.Content("/desk/web/"), Token);
        await HubFixture.IsProblemAsync(after, 401, "unauthenticated");
    }

    [Fact]
    public async Task A_hostile_page_reaches_nothing_of_the_console()
    {
        await using var content = await ContentFixture.StartAsync();
        var hostile = content.Hub.App.ContentUrl.GetLeftPart(UriPartial.Authority);

        // What a browser sends for fetch('/api/links', {credentials: 'include'}) by a page on the other port of the same host.
        using var read = new HttpRequestMessage(HttpMethod.Get, new Uri(content.Hub.App.Url, "/api/links"));
        read.Headers.Add("Origin", hostile);
        read.Headers.Add("Sec-Fetch-Site", "same-site");
        using var readAnswer = await content.Browser.SendAsync(read, Token);
        await HubFixture.IsProblemAsync(readAnswer, 403, "origin_refused");

        // A browser too old to say where a request comes from still gets no leave to show the answer to the page.
        using var old = new HttpRequestMessage(HttpMethod.Get, new Uri(content.Hub.App.Url, "/api/links"));
        old.Headers.Add("Origin", hostile);
        using var oldAnswer = await content.Browser.SendAsync(old, Token);
        Assert.False(oldAnswer.Headers.Contains("Access-Control-Allow-Origin"));
        Assert.Equal("same-origin", Assert.Single(oldAnswer.Headers.GetValues("Cross-Origin-Resource-Policy")));
        Assert.Contains("frame-ancestors 'none'", Assert.Single(oldAnswer.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);

        using var write = new HttpRequestMessage(HttpMethod.Post, new Uri(content.Hub.App.Url, "/api/invites"));
        write.Headers.Add("Origin", hostile);
        using var writeAnswer = await content.Browser.SendAsync(write, Token);
        await HubFixture.IsProblemAsync(writeAnswer, 403, "origin_refused");

        using var sameOrigin = await content.NavigateAsync(content.Content("/api/links"));
        Assert.NotEqual(HttpStatusCode.OK, sameOrigin.StatusCode);
    }

    [Fact]
    public async Task A_service_cannot_set_the_hubs_cookies_or_clear_them()
    {
        await using var content = await ContentFixture.StartAsync(web: async exchange =>
        {
            var headers = new TunnelHeaders();
            headers.Add("Set-Cookie", $"{SessionCookie.Name}=stolen; Path=/");
            headers.Add("Set-Cookie", "mine=1; Path=/; Domain=example.org; HttpOnly");
            headers.Add("Clear-Site-Data", "\"cookies\"");
            headers.Add("Service-Worker-Allowed", "/");
            headers.Add("Location", "/next");
            exchange.StartResponse(200, headers, -1);
            await exchange.ResponseBody.WriteAsync("ok"u8.ToArray(), exchange.Aborted);
        });
        using var open = await content.Browser.GetAsync(new Uri(content.Hub.App.Url, "/open/desk/web"), Token);
        using var enter = await content.Browser.GetAsync(open.Headers.Location, Token);
        using var response = await content.Browser.GetAsync(content.Content("/desk/web/"), Token);
        Assert.Equal("mine=1; HttpOnly; Path=/desk/web/", Assert.Single(response.Headers.GetValues("Set-Cookie")));
        Assert.False(response.Headers.Contains("Clear-Site-Data"));
        Assert.False(response.Headers.Contains("Service-Worker-Allowed"));
        Assert.Equal("/desk/web/next", response.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task A_change_from_another_origin_is_refused_and_from_the_services_own_page_passed_on()
    {
        await using var content = await ContentFixture.StartAsync();
        using var page = await content.NavigateAsync(content.Content("/desk/web/"));
        foreach (var (origin, ok) in new[] { ("https://evil.example", false), ("null", false), (null, false), (content.Hub.App.ContentUrl.GetLeftPart(UriPartial.Authority), true) })
        {
            using var post = new HttpRequestMessage(HttpMethod.Post, content.Content("/desk/web/change")) { Content = new StringContent("x") };
            if (origin is not null)
            {
                post.Headers.Add("Origin", origin);
            }

            using var response = await content.Browser.SendAsync(post, Token);
            Assert.Equal(ok ? HttpStatusCode.OK : HttpStatusCode.Forbidden, response.StatusCode);
        }
    }

    [Fact]
    public async Task A_web_socket_passes_through_both_ways()
    {
        await using var content = await ContentFixture.StartAsync(web: EchoWebSocketAsync);
        using var open = await content.Browser.GetAsync(new Uri(content.Hub.App.Url, "/open/desk/web"), Token);
        using var enter = await content.Browser.GetAsync(open.Headers.Location, Token);
        using var socket = new ClientWebSocket();
        socket.Options.Cookies = content.Cookies;
        socket.Options.SetRequestHeader("Origin", content.Hub.App.ContentUrl.GetLeftPart(UriPartial.Authority));
        await socket.ConnectAsync(new UriBuilder(content.Content("/desk/web/socket")) { Scheme = "ws" }.Uri, Token);
        var buffer = new byte[100_000];
        for (var i = 0; i < 20; i++)
        {
            var sent = RandomNumberGenerator.GetBytes(1 + (i * 4000));
            await socket.SendAsync(sent, WebSocketMessageType.Binary, true, Token);
            var length = 0;
            ValueWebSocketReceiveResult received;
            do
            {
                received = await socket.ReceiveAsync(buffer.AsMemory(length), Token);
                length += received.Count;
            }
            while (!received.EndOfMessage);

            Assert.True(sent.AsSpan().SequenceEqual(buffer.AsSpan(0, length)));
        }

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Token);
        Assert.Equal(WebSocketCloseStatus.NormalClosure, socket.CloseStatus);
    }

    [Fact]
    public async Task With_a_wildcard_domain_each_service_has_an_origin_of_its_own()
    {
        await using var content = await ContentFixture.StartAsync(o =>
        {
            o.PublicUrl = new Uri("https://hub.example.org");
            o.WildcardDomain = "apps.example.org";
        });
        var ask = new HttpRequestMessage(HttpMethod.Get, new Uri(content.Hub.App.ContentUrl, "/page?x=1"));
        ask.Headers.Host = "web--desk.apps.example.org";
        ask.Headers.Add("Sec-Fetch-Mode", "navigate");
        using var toConsole = await content.Hub.Http.SendAsync(ask, Token);
        Assert.Equal("https://hub.example.org/open/desk/web?to=%2Fpage%3Fx%3D1", toConsole.Headers.Location?.OriginalString);

        using var open = new HttpRequestMessage(HttpMethod.Get, new Uri(content.Hub.App.Url, toConsole.Headers.Location!.PathAndQuery));
        open.Headers.Host = "hub.example.org";
        using var ticket = await content.Browser.SendAsync(open, Token);
        Assert.Equal("web--desk.apps.example.org", ticket.Headers.Location?.Host);

        using var enter = new HttpRequestMessage(HttpMethod.Get, new Uri(content.Hub.App.ContentUrl, ticket.Headers.Location!.PathAndQuery));
        enter.Headers.Host = "web--desk.apps.example.org";
        using var entered = await content.Hub.Http.SendAsync(enter, Token);
        Assert.Equal("/page?x=1", entered.Headers.Location?.OriginalString);
        var cookie = Assert.Single(entered.Headers.GetValues("Set-Cookie"));
        Assert.Contains("; secure", cookie, StringComparison.OrdinalIgnoreCase);

        using var page = new HttpRequestMessage(HttpMethod.Get, new Uri(content.Hub.App.ContentUrl, "/page?x=1"));
        page.Headers.Host = "web--desk.apps.example.org";
        page.Headers.Add("Cookie", cookie.Split(';')[0]);
        using var served = await content.Hub.Http.SendAsync(page, Token);
        Assert.StartsWith("GET /page?x=1 account", await served.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        using var elsewhere = new HttpRequestMessage(HttpMethod.Get, new Uri(content.Hub.App.Url, "/api/account"));
        elsewhere.Headers.Host = "web--desk.apps.example.org";
        using var notConsole = await content.Script.SendAsync(elsewhere, Token);
        Assert.NotEqual(HttpStatusCode.OK, notConsole.StatusCode);
    }

    [Fact]
    public async Task A_browser_from_another_site_is_brought_back_by_a_page_of_our_own_and_then_to_the_login()
    {
        await using var content = await ContentFixture.StartAsync();
        using var first = await content.Hub.Http.GetAsync("/open/desk/web?to=%2Fx", Token);
        var page = await first.Content.ReadAsStringAsync(Token);
        Assert.Contains("url=/open/desk/web?to=%2Fx&amp;again=1", page, StringComparison.Ordinal);
        using var second = await content.Hub.Http.GetAsync("/open/desk/web?to=%2Fx&again=1", Token);
        Assert.Equal("/login?to=%2Fopen%2Fdesk%2Fweb%3Fto%3D%252Fx", second.Headers.Location?.OriginalString);
    }

    private static async Task EchoWebSocketAsync(TunnelExchange exchange)
    {
        if (exchange.Upgrade.Length == 0)
        {
            await ContentFixture.EchoAsync(exchange);
            return;
        }

        Assert.True(exchange.RequestHeaders.TryGet("Sec-WebSocket-Key", out var key));
#pragma warning disable CA5350 // The WebSocket handshake is defined with SHA-1.
        var headers = new TunnelHeaders();
        headers.Add("Sec-WebSocket-Accept", Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))));
#pragma warning restore CA5350
        exchange.StartResponse(101, headers, -1);
        await exchange.ResponseBody.FlushAsync(exchange.Aborted);
        await using var stream = new TwoWayStream(exchange.RequestBody, exchange.ResponseBody);
        using var socket = WebSocket.CreateFromStream(stream, new WebSocketCreationOptions { IsServer = true });
        var buffer = new byte[128 * 1024];
        while (true)
        {
            var received = await socket.ReceiveAsync(buffer.AsMemory(), exchange.Aborted);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, exchange.Aborted);
                return;
            }

            await socket.SendAsync(buffer.AsMemory(0, received.Count), received.MessageType, received.EndOfMessage, exchange.Aborted);
        }
    }
}
