using System.Net;
using System.Net.Sockets;
using System.Text;
using Bowline.Tunnel;

namespace Bowline.Hub.Tests.Content;

/// <summary>How a connection that changed its protocol ends: in order when its service ends it, broken when something broke.</summary>
public sealed class UpgradeEndTests
{
    private const string LastWords = "and that was all";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_the_service_said_last_arrives_and_the_connection_ends_in_order()
    {
        await using var content = await ContentFixture.StartAsync(web: static exchange => SayAsync(exchange, static _ => { }));
        var (answer, end) = await AskAsync(content);
        Assert.StartsWith("HTTP/1.1 101", answer, StringComparison.Ordinal);
        Assert.EndsWith(LastWords, answer, StringComparison.Ordinal);
        Assert.Null(end);
    }

    [Fact]
    public async Task A_service_that_breaks_off_breaks_the_connection()
    {
        await using var content = await ContentFixture.StartAsync(web: static exchange => SayAsync(exchange, static e => e.Abort()));
        var (_, end) = await AskAsync(content);
        Assert.Equal(SocketError.ConnectionReset, end);
    }

    private static async Task SayAsync(TunnelExchange exchange, Action<TunnelExchange> finish)
    {
        exchange.StartResponse(101, new TunnelHeaders(), -1);
        await exchange.ResponseBody.FlushAsync(exchange.Aborted);
        await exchange.ResponseBody.WriteAsync(Encoding.ASCII.GetBytes(LastWords), exchange.Aborted);
        await exchange.ResponseBody.FlushAsync(exchange.Aborted);
        finish(exchange);
    }

    /// <summary>On a plain socket: only there a reset and an end can be told apart.</summary>
    private static async Task<(string Answer, SocketError? End)> AskAsync(ContentFixture content)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, content.Hub.App.Url.Port, Token);
        var token = (await File.ReadAllTextAsync(content.Hub.App.TokenFile, Token)).Trim();
        await socket.SendAsync(Encoding.ASCII.GetBytes(
            $"GET /t/desk/web/ HTTP/1.1\r\nHost: {content.Hub.App.Url.Authority}\r\nAuthorization: Bearer {token}\r\nConnection: Upgrade\r\nUpgrade: knots\r\n\r\n"), Token);
        var answer = new StringBuilder();
        var buffer = new byte[4096];
        try
        {
            int size;
            while ((size = await socket.ReceiveAsync(buffer, Token)) > 0)
            {
                answer.Append(Encoding.Latin1.GetString(buffer, 0, size));
            }

            return (answer.ToString(), null);
        }
        catch (SocketException e)
        {
            return (answer.ToString(), e.SocketErrorCode);
        }
    }
}
