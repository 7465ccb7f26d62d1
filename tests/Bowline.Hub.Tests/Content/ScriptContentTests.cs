using System.Net;
using System.Security.Cryptography;
using Bowline.Hub.Accounts;
using Bowline.Hub.Tests.Support;
using Bowline.Tunnel;

namespace Bowline.Hub.Tests.Content;

public sealed class ScriptContentTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_script_reaches_a_service_by_token_and_its_credentials_stay_at_the_hub()
    {
        await using var content = await ContentFixture.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/t/desk/web/a%2F?b=c");
        request.Headers.Add("Bowline-Caller", "hub:me");
        request.Headers.Add("X-Forwarded-For", "1.2.3.4");
        request.Headers.Add("X-Own", "yes");
        using var response = await content.Script.SendAsync(request, Token);
        var seen = await response.Content.ReadAsStringAsync(Token);
        Assert.StartsWith("GET /a%2F?b=c account", seen, StringComparison.Ordinal);
        Assert.Contains("X-Own: yes", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("Authorization", seen, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("hub:me", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("1.2.3.4", seen, StringComparison.Ordinal);
        Assert.Equal("sandbox", Assert.Single(response.Headers.GetValues("Content-Security-Policy")));
    }

    [Fact]
    public async Task A_cookie_a_device_token_and_a_token_without_the_scope_are_refused()
    {
        await using var content = await ContentFixture.StartAsync();
        using var byCookie = await content.Browser.GetAsync(new Uri(content.Hub.App.Url, "/t/desk/web/"), Token);
        await HubFixture.IsProblemAsync(byCookie, 403, "forbidden");
        using var nobody = await content.Hub.Http.GetAsync("/t/desk/web/", Token);
        await HubFixture.IsProblemAsync(nobody, 401, "unauthenticated");
        var (_, readOnly) = content.Hub.Get<ApiTokenStore>().Create(content.Hub.Get<AccountStore>().EnsureAdministrator().Id, "r", Scopes.Read, expiresAt: null);
        foreach (var token in new[] { readOnly, content.Device.Token() })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/t/desk/web/") { Headers = { Authorization = new("Bearer", token) } };
            using var refused = await content.Hub.Http.SendAsync(request, Token);
            await HubFixture.IsProblemAsync(refused, 403, "forbidden");
        }
    }

    [Fact]
    public async Task The_head_of_an_answer_comes_before_the_first_byte_of_its_body()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var content = await ContentFixture.StartAsync(web: async exchange =>
        {
            exchange.StartResponse(200, new TunnelHeaders(), -1);
            await exchange.ResponseBody.FlushAsync(exchange.Aborted);
            await release.Task.WaitAsync(exchange.Aborted);
        });
        using var response = await content.Script.GetAsync("/t/desk/web/", HttpCompletionOption.ResponseHeadersRead, Token).WaitAsync(TimeSpan.FromSeconds(20), Token);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        release.SetResult();
        Assert.Empty(await response.Content.ReadAsByteArrayAsync(Token));
    }

    [Fact]
    public async Task A_header_in_utf8_crosses_as_it_is()
    {
        await using var content = await ContentFixture.StartAsync(web: static exchange =>
        {
            var headers = new TunnelHeaders();
            headers.Add("Content-Disposition", "attachment; filename=\"caf\u00e9.txt\"");
            exchange.StartResponse(200, headers, 0);
            return Task.CompletedTask;
        });
        using var response = await content.Script.GetAsync("/t/desk/web/", Token);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var sent = System.Text.Encoding.Latin1.GetString("attachment; filename=\"caf\u00e9.txt\""u8);
        Assert.Equal(sent, Assert.Single(response.Content.Headers.NonValidated["Content-Disposition"]));
    }

    [Theory]
    [InlineData("/t/nobody/web/")]
    [InlineData("/t/desk/")]
    [InlineData("/t/desk/$node/api/links/status")]
    [InlineData("/t/desk/%24node/api/links/status")]
    [InlineData("/t/Desk/web/")]
    public async Task Addresses_that_name_no_service_are_not_found(string path)
    {
        await using var content = await ContentFixture.StartAsync();
        using var response = await content.Script.GetAsync(path, Token);
        await HubFixture.IsProblemAsync(response, 404, "not_found");
    }

    [Fact]
    public async Task A_body_far_over_the_apis_limit_streams_up_and_down()
    {
        await using var content = await ContentFixture.StartAsync(web: async exchange =>
        {
            using var hash = SHA256.Create();
            var digest = await hash.ComputeHashAsync(exchange.RequestBody, exchange.Aborted);
            exchange.StartResponse(200, [], -1);
            await exchange.ResponseBody.WriteAsync(digest, exchange.Aborted);
            var block = new byte[64 * 1024];
            for (var i = 0; i < 128; i++)
            {
                block.AsSpan().Fill((byte)i);
                await exchange.ResponseBody.WriteAsync(block, exchange.Aborted);
            }
        });
        var body = RandomNumberGenerator.GetBytes(8 << 20);
        using var response = await content.Script.PostAsync("/t/desk/web/", new ByteArrayContent(body), Token);
        var answer = await response.Content.ReadAsByteArrayAsync(Token);
        Assert.Equal(32 + (8 << 20), answer.Length);
        Assert.Equal(SHA256.HashData(body), answer[..32]);
        Assert.True(Enumerable.Range(0, 128).All(i => answer[32 + (i * 65536)] == i && answer[32 + (i * 65536) + 65535] == i));
    }

    [Fact]
    public async Task Events_arrive_while_the_service_still_holds_the_stream()
    {
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var content = await ContentFixture.StartAsync(web: async exchange =>
        {
            var headers = new TunnelHeaders();
            headers.Add("Content-Type", "text/event-stream");
            exchange.StartResponse(200, headers, -1);
            await exchange.ResponseBody.WriteAsync("data: one\n\n"u8.ToArray(), exchange.Aborted);
            await exchange.ResponseBody.FlushAsync(exchange.Aborted);
            await go.Task.WaitAsync(exchange.Aborted);
            await exchange.ResponseBody.WriteAsync("data: two\n\n"u8.ToArray(), exchange.Aborted);
        });
        using var response = await content.Script.GetAsync("/t/desk/web/", HttpCompletionOption.ResponseHeadersRead, Token);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Token));
        Assert.Equal("data: one", await reader.ReadLineAsync(Token));
        go.SetResult();
        await reader.ReadLineAsync(Token);
        Assert.Equal("data: two", await reader.ReadLineAsync(Token));
    }

    [Fact]
    public async Task An_offline_node_gives_502_at_once()
    {
        await using var content = await ContentFixture.StartAsync();
        await content.Node.DisposeAsync();
        var start = TimeProvider.System.GetTimestamp();
        using var response = await content.Script.GetAsync("/t/desk/web/", Token);
        Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromMilliseconds(500));
        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("urn:bowline:tunnel:offline", (await HubFixture.JsonAsync(response)).GetProperty("type").GetString());
    }

    [Fact]
    public async Task A_frozen_node_gives_504_within_the_accept_timeout()
    {
        await using var hub = await HubFixture.StartAsync();
        using var device = await hub.EnrolAsync();
        await using var node = await TestNode.StartAsync(hub, device);
        await node.Server.DisposeAsync();

        // Subscribed and silent, as a stopped process is.
        await using var silent = await node.Connection.SubscribeCoreAsync<byte[]>($"tunnel.v2.{device.Id}.open", cancellationToken: Token);
        await node.Connection.PingAsync(Token);
        using var script = hub.Operator();
        var start = TimeProvider.System.GetTimestamp();
        using var response = await script.GetAsync("/t/desk/web/", Token);
        Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(3));
        Assert.Equal(HttpStatusCode.GatewayTimeout, response.StatusCode);
        Assert.Equal("urn:bowline:tunnel:accept_timeout", (await HubFixture.JsonAsync(response)).GetProperty("type").GetString());
    }

    [Fact]
    public async Task A_service_that_breaks_off_breaks_the_answer_off_too()
    {
        await using var content = await ContentFixture.StartAsync(web: async exchange =>
        {
            exchange.StartResponse(200, [], 1_000_000);
            await exchange.ResponseBody.WriteAsync(new byte[300_000], exchange.Aborted);
            throw new InvalidOperationException("secret reason");
        });
        using var response = await content.Script.GetAsync("/t/desk/web/", HttpCompletionOption.ResponseHeadersRead, Token);
        await Assert.ThrowsAsync<HttpRequestException>(() => response.Content.ReadAsByteArrayAsync(Token));
    }

    [Fact]
    public async Task An_empty_error_of_the_service_stays_the_services_answer()
    {
        await using var content = await ContentFixture.StartAsync(web: exchange =>
        {
            var headers = new TunnelHeaders();
            headers.Add("Set-Cookie", "a=b");
            exchange.StartResponse(404, headers, 0);
            return Task.CompletedTask;
        });
        using var response = await content.Script.GetAsync("/t/desk/web/", Token);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("", await response.Content.ReadAsStringAsync(Token));
        Assert.False(response.Headers.Contains("Set-Cookie"));
    }
}
