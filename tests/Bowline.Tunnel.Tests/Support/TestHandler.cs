namespace Bowline.Tunnel.Tests.Support;

internal sealed class TestHandler(Func<TunnelExchange, Task> handle) : ITunnelHandler
{
    public Task HandleAsync(TunnelExchange exchange) => handle(exchange);

    public static Task Hello(TunnelExchange exchange)
    {
        exchange.StartResponse(200, new TunnelHeaders { { "Content-Type", "text/plain" } }, -1);
        return exchange.ResponseBody.WriteAsync("hello"u8.ToArray()).AsTask();
    }
}
