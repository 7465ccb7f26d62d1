using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using Bowline.EndToEnd.Tests.Support;

namespace Bowline.EndToEnd.Tests.Up;

/// <summary>What a person tries first after <c>bowline up</c>: the demo service, through the hub.</summary>
public sealed class DemoTests(RunningUp up) : IClassFixture<RunningUp>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private HttpClient Http => up.Process.Http;

    [Fact]
    public async Task The_page_is_served()
    {
        using var response = await Http.GetAsync(up.Demo, Token);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains("It works.", await response.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_says_who_called()
    {
        var hello = await Http.GetFromJsonAsync<JsonNode>(up.Demo + "api/hello", Token);
        Assert.StartsWith("Hello from ", hello!["message"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.StartsWith("account", hello["caller"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_token_nothing_is_served()
    {
        using var anonymous = new HttpClient { BaseAddress = Http.BaseAddress };
        using var response = await anonymous.GetAsync(up.Demo, Token);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task The_clock_ticks_while_its_stream_is_open()
    {
        using var response = await Http.GetAsync(up.Demo + "clock", HttpCompletionOption.ResponseHeadersRead, Token);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        await using var stream = await response.Content.ReadAsStreamAsync(Token);
        await using var events = SseParser.Create(stream).EnumerateAsync(Token).GetAsyncEnumerator(Token);
        Assert.True(await events.MoveNextAsync());
        var first = Stopwatch.GetTimestamp();
        Assert.True(await events.MoveNextAsync());

        // Events that were held back would come together, or never while the stream is open.
        Assert.InRange(Stopwatch.GetElapsedTime(first), TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task The_echo_answers_while_it_is_still_being_asked()
    {
        await using var echo = await DuplexRequest.PostAsync(new Uri(Http.BaseAddress!, up.Demo + "echo"), up.Process.Token, Token);
        var (chunk, back) = (new byte[1024], new byte[1024]);
        for (var round = 0; round < 3; round++)
        {
            Pattern.Fill(chunk, round * chunk.Length);
            await echo.WriteAsync(chunk);
            if (round == 0)
            {
                Assert.StartsWith("HTTP/1.1 200", await echo.HeadAsync(Token), StringComparison.Ordinal);
            }

            // The next chunk leaves after this one has come back.
            for (var received = 0; received < back.Length; received += await echo.ReadAsync(back.AsMemory(received), Token))
            {
            }

            Assert.Equal(chunk, back);
        }

        await echo.EndAsync();
        Assert.Equal(0, await echo.ReadAsync(back, Token));
    }

    [Fact]
    public async Task A_WebSocket_echoes_and_closes()
    {
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", "Bearer " + up.Process.Token);
        await socket.ConnectAsync(new UriBuilder(new Uri(Http.BaseAddress!, up.Demo + "ws")) { Scheme = "ws" }.Uri, Token);
        await socket.SendAsync("ahoy"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, Token);
        var buffer = new byte[16];
        var received = await socket.ReceiveAsync(buffer.AsMemory(), Token);
        Assert.Equal("ahoy", System.Text.Encoding.UTF8.GetString(buffer, 0, received.Count));
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Token);
        Assert.Equal(WebSocketState.Closed, socket.State);
    }

    [Fact]
    public async Task The_printed_login_link_works_once()
    {
        Assert.Equal("/login", up.Process.LoginUrl.AbsolutePath);
        Assert.Single(up.Process.Process.Data.Split('\n'), line => line.Contains("/login#", StringComparison.Ordinal));
        using var handler = new SocketsHttpHandler { UseCookies = false };
        using var browser = new HttpClient(handler) { BaseAddress = Http.BaseAddress };
        var login = new JsonObject { ["token"] = up.Process.LoginUrl.Fragment.TrimStart('#'), ["password"] = "a long enough password" };
        using var first = await browser.PostAsJsonAsync("api/login/link", login, Token);
        Assert.Equal(HttpStatusCode.NoContent, first.StatusCode);
        Assert.Contains(first.Headers.GetValues("Set-Cookie"), cookie => cookie.Contains("httponly", StringComparison.OrdinalIgnoreCase));
        using var second = await browser.PostAsJsonAsync("api/login/link", login, Token);
        Assert.Equal(HttpStatusCode.Unauthorized, second.StatusCode);
    }
}
