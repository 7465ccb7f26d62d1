using System.Net;
using System.Net.Sockets;
using System.Text;
using Bowline.Testing.Network;
using Bowline.Tunnel;

namespace Bowline.Hub.Tests.Content;

/// <summary>Services that speak HTTP badly, through forwarder, tunnel and hub: a typed problem or a clean cut, and the next exchange is well.</summary>
public sealed class OddAnswerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n", "upgrade_invalid")]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n", "connection_lost")]
    [InlineData("HTTP/1.1 600 Odd\r\nContent-Length: 3\r\n\r\nodd", "response_invalid")]
    [InlineData("HTTP/1.1 999 Odd\r\nContent-Length: 3\r\n\r\nodd", "response_invalid")]
    [InlineData("HTTP/1.1 000 Odd\r\nContent-Length: 3\r\n\r\nodd", "response_invalid")]
    [InlineData("\0\0\0", "connection_lost")]
    public async Task An_answer_that_cannot_be_passed_on_is_a_problem(string answer, string code)
    {
        await using var raw = new RawUpstream(connection => connection.AnswerAsync(answer));
        await using var content = await StartAsync(raw);
        using var response = await content.Script.GetAsync("/t/desk/web/", Token);
        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Contains($"urn:bowline:forward:{code}", await response.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        Assert.Empty(content.Hub.Errors.All);
    }

    [Theory]
    [InlineData("HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello", 204, "")]
    [InlineData("HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", 204, "")]
    [InlineData("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\nETag: \"a\"\r\n\r\nhello", 304, "")]
    [InlineData("HTTP/1.1 205 Reset Content\r\nContent-Length: 5\r\n\r\nhello", 205, "")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello and more", 200, "hello")]
    [InlineData("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, "hello")]
    [InlineData("HTTP/1.1 199 Odd\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, "hello")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Odd: a\u0001b\u007f\r\n\r\nhello", 200, "hello")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Type: a\u0001b\r\nSet-Cookie: a=\u0001\r\nLocation: /\u0002\r\n\r\nhello", 200, "hello")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Odd: caf\u00e9\r\n\r\nhello", 200, "hello")]
    [InlineData("HTTP/1.1 599 Odd\r\nContent-Length: 5\r\n\r\nhello", 599, "hello")]
    public async Task An_odd_answer_that_can_be_read_is_passed_on_without_what_it_may_not_have(string answer, int status, string body)
    {
        await using var raw = new RawUpstream(connection => connection.AnswerAsync(answer));
        await using var content = await StartAsync(raw);
        using var response = await content.Script.GetAsync("/t/desk/web/", Token);
        Assert.Equal((status, body), ((int)response.StatusCode, await response.Content.ReadAsStringAsync(Token)));
        Assert.Empty(content.Hub.Errors.All);
        using var next = await content.Script.GetAsync("/t/desk/web/", Token);
        Assert.Equal((status, body), ((int)next.StatusCode, await next.Content.ReadAsStringAsync(Token)));
    }

    [Theory]
    [InlineData("Content-Length: 100\r\n\r\nhalf", false)]
    [InlineData("Content-Length: 100\r\n\r\nhalf", true)]
    [InlineData("Content-Length: 100\r\n\r\n", true)]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n", false)]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\nzz\r\n", false)]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n", true)]
    public async Task A_body_that_breaks_off_is_never_short(string rest, bool reset)
    {
        await using var raw = new RawUpstream(async connection =>
        {
            _ = await connection.ReadHeadAsync();
            await connection.SendAsync("HTTP/1.1 200 OK\r\n" + rest);
            if (reset)
            {
                connection.Reset();
            }
        });
        await using var content = await StartAsync(raw);

        // Raw at this end too: a client library might hide what was sent.
        var answer = await AskRawAsync(content);
        if (answer.StartsWith("HTTP/1.1 200", StringComparison.Ordinal))
        {
            Assert.False(answer.EndsWith("0\r\n\r\n", StringComparison.Ordinal), answer);
            Assert.True(answer.Contains("Content-Length: 100", StringComparison.Ordinal) || answer.Contains("chunked", StringComparison.Ordinal), answer);
        }
        else if (answer != "(reset)")
        {
            // The end may overtake the head, and then there is still time to say so; a reset may overtake both, which is no answer at all.
            Assert.StartsWith("HTTP/1.1 502", answer, StringComparison.Ordinal);
            Assert.Matches("urn:bowline:(forward:connection_lost|tunnel:response_aborted)", answer);
        }

        Assert.Empty(content.Hub.Errors.All);
    }

    [Theory]
    [InlineData(600)]
    [InlineData(999)]
    public async Task A_status_of_an_app_on_the_node_that_is_none_is_a_problem(int status)
    {
        await using var content = await ContentFixture.StartAsync(web: exchange =>
        {
            exchange.StartResponse(status, [], 0);
            return Task.CompletedTask;
        });
        using var response = await content.Script.GetAsync("/t/desk/web/", Token);
        await Support.HubFixture.IsProblemAsync(response, 502, "answer_invalid");
        Assert.Empty(content.Hub.Errors.All);
    }

    [Fact]
    public async Task A_control_character_in_a_header_is_passed_on_as_a_space()
    {
        await using var content = await ContentFixture.StartAsync(web: exchange =>
        {
            exchange.StartResponse(200, new TunnelHeaders { { "X-Odd", "a\u0001b\u007f\tc" }, { "Location", "/\u0002" } }, 0);
            return Task.CompletedTask;
        });
        using var response = await content.Script.GetAsync("/t/desk/web/", Token);
        Assert.Equal("a b \tc", Assert.Single(response.Headers.NonValidated["X-Odd"]));
        Assert.Empty(content.Hub.Errors.All);
    }

    private static async Task<ContentFixture> StartAsync(RawUpstream raw)
    {
        var handler = new ForwardHandler(raw.Address);
        return await ContentFixture.StartAsync(web: handler.HandleAsync);
    }

    private static async Task<string> AskRawAsync(ContentFixture content)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, content.Hub.App.Url.Port, Token);
        var token = (await File.ReadAllTextAsync(content.Hub.App.TokenFile, Token)).Trim();
        await socket.SendAsync(Encoding.ASCII.GetBytes($"GET /t/desk/web/ HTTP/1.1\r\nHost: {content.Hub.App.Url.Authority}\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n"), Token);
        var answer = new StringBuilder();
        var buffer = new byte[4096];
        try
        {
            int size;
            while ((size = await socket.ReceiveAsync(buffer, Token)) > 0)
            {
                answer.Append(Encoding.Latin1.GetString(buffer, 0, size));
            }
        }
        catch (SocketException)
        {
            answer.Append("(reset)");
        }

        return answer.ToString();
    }
}
