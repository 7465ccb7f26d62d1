using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using Bowline.Hub.Accounts;
using Bowline.Hub.Tests.Support;

namespace Bowline.Hub.Tests.Hosting;

public sealed class RequestGuardTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("evil.example", 421)]
    [InlineData("127.0.0.1:1", 421)]
    [InlineData("localhost:{port}", 200)]
    [InlineData("hub.example.org", 200)]
    [InlineData("mine.example:{port}", 200)]
    [InlineData("mine.example", 421)]
    public async Task Only_configured_names_are_answered(string host, int status)
    {
        await using var hub = await HubFixture.StartAsync(o =>
        {
            o.PublicUrl = new Uri("https://hub.example.org");
            o.AllowedHosts.Add("mine.example");
        });
        using var request = new HttpRequestMessage(HttpMethod.Get, "/healthz");
        request.Headers.Host = host.Replace("{port}", hub.App.Url.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
        using var response = await hub.Http.SendAsync(request, Token);
        Assert.Equal(status, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("https://evil.example", true)]
    [InlineData("null", true)]
    [InlineData("http://127.0.0.1:1", true)]
    [InlineData(null, true)]
    [InlineData("own", false)]
    public async Task A_browser_call_that_changes_state_must_come_from_our_pages(string? origin, bool refused)
    {
        await using var hub = await HubFixture.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/invites");
        var session = hub.Get<SessionStore>().Create(hub.Get<AccountStore>().EnsureAdministrator().Id, "here", "browser");
        request.Headers.Add("Cookie", $"{SessionCookie.Name}={session}");
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin == "own" ? hub.App.Url.GetLeftPart(UriPartial.Authority) : origin);
        }

        using var response = await hub.Http.SendAsync(request, Token);
        if (refused)
        {
            await HubFixture.IsProblemAsync(response, 403, "origin_refused");
        }
        else
        {
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    [Fact]
    public async Task A_web_socket_from_another_page_is_refused_even_with_a_good_token()
    {
        await using var hub = await HubFixture.StartAsync();
        using var device = await hub.EnrolAsync();
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", "Bearer " + device.Token());
        socket.Options.SetRequestHeader("Origin", "https://evil.example");
        socket.Options.CollectHttpResponseDetails = true;
        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(new Uri($"ws://{hub.App.Url.Authority}/nats"), Token));
        Assert.Equal(HttpStatusCode.Forbidden, socket.HttpStatusCode);
    }

    [Fact]
    public async Task Logins_over_plain_http_are_refused_under_a_public_name()
    {
        await using var hub = await HubFixture.StartAsync(o => o.AllowedHosts.Add("hub.lan"));
        foreach (var path in new[] { "/api/login", "/api/login/link" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(new { name = "admin", password = "x", token = "x" }) };
            request.Headers.Host = "hub.lan:" + hub.App.Url.Port;
            using var response = await hub.Http.SendAsync(request, Token);
            await HubFixture.IsProblemAsync(response, 403, "https_required");
        }
    }

    [Fact]
    public async Task Behind_a_trusted_proxy_with_https_the_cookie_is_secure()
    {
        await using var hub = await HubFixture.StartAsync(o =>
        {
            o.PublicUrl = new Uri("https://hub.example.org");
            o.TrustedProxies.Add(IPAddress.Loopback);
        });
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/login/link") { Content = JsonContent.Create(new { token = hub.App.NewLoginLink().Fragment[1..], password = "long enough password" }) };
        request.Headers.Host = "hub.example.org";
        request.Headers.Add("X-Forwarded-Proto", "https");
        request.Headers.Add("Origin", "https://hub.example.org");
        using var response = await hub.Http.SendAsync(request, Token);
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Contains("; secure", Assert.Single(response.Headers.GetValues("Set-Cookie")), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Every_answer_carries_the_security_headers_and_problems_have_a_type()
    {
        await using var hub = await HubFixture.StartAsync();
        using var response = await hub.Http.GetAsync("/no/such/page", Token);
        await HubFixture.IsProblemAsync(response, 404, "not_found");
        Assert.Contains("default-src 'none'", Assert.Single(response.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.False(response.Headers.Contains("Server"));
    }

    [Theory]
    [InlineData("not json", "application/json", 400, "bad_request")]
    [InlineData("[1,2", "application/json", 400, "bad_request")]
    public async Task Bad_bodies_get_problem_details(string body, string type, int status, string code)
    {
        await using var hub = await HubFixture.StartAsync();
        using var content = new StringContent(body, System.Text.Encoding.UTF8, type);
        using var response = await hub.Http.PostAsync("/api/login", content, Token);
        Assert.Equal("urn:bowline:hub:" + code, (await HubFixture.JsonAsync(response)).GetProperty("type").GetString());
        Assert.Equal(status, (int)response.StatusCode);
    }

    [Fact]
    public async Task A_body_over_the_limit_is_refused()
    {
        await using var hub = await HubFixture.StartAsync();
        using var response = await hub.Http.PostAsJsonAsync("/api/login", new { name = new string('x', 70_000) }, Token);
        await HubFixture.IsProblemAsync(response, 413, "too_large");
    }

    [Fact]
    public async Task A_flood_from_one_address_is_slowed()
    {
        await using var hub = await HubFixture.StartAsync();
        var last = HttpStatusCode.OK;
        for (var i = 0; i < 2000 && last == HttpStatusCode.OK; i++)
        {
            using var response = await hub.Http.GetAsync("/healthz", Token);
            last = response.StatusCode;
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, last);
        using var client = hub.Operator();
        using var known = await client.GetAsync("/api/account", Token);
        Assert.Equal(HttpStatusCode.OK, known.StatusCode);
    }

    [Fact]
    public async Task The_content_port_serves_nothing_of_the_console()
    {
        await using var hub = await HubFixture.StartAsync();
        using var client = hub.Operator();
        foreach (var path in new[] { "/api/account", "/login", "/healthz", "/nats" })
        {
            using var response = await client.GetAsync(new Uri(hub.App.ContentUrl, path), Token);
            Assert.NotEqual(HttpStatusCode.OK, response.StatusCode);
        }
    }
}
