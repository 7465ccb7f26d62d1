using System.Net;
using Bowline.Tunnel.Tests.Support;

namespace Bowline.Tunnel.Tests.Exchanges;

public sealed class SmallExchangeTests
{
    [Fact]
    public async Task A_small_exchange_is_two_messages()
    {
        await using var pair = await TunnelPair.StartAsync(exchange =>
        {
            exchange.StartResponse(200, [], 5);
            return exchange.ResponseBody.WriteAsync("hello"u8.ToArray()).AsTask();
        });
        var messages = 0;
        pair.Bus.Published += _ => messages++;
        using var request = new HttpRequestMessage(HttpMethod.Post, "/echo") { Content = new StringContent("question") };
        using var response = await pair.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("hello", await response.Content.ReadAsStringAsync());
        Assert.Equal(2, messages);
        Assert.Equal(0, pair.Client.OpenStreams);
    }
}
