using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Bowline.Relay;

/// <summary>
/// The opening handshake (RFC 6455 section 4.2; RFC 8441 over HTTP/2). Our own frames on the raw stream, because the framework's socket
/// has no ping to send, a timer per connection, and a flush per message.
/// </summary>
internal static class SocketUpgrade
{
    private static ReadOnlySpan<byte> Guid => "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"u8;

    /// <summary>True when the request asks for a WebSocket.</summary>
    public static bool IsAsked(HttpContext context) =>
        context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true, Protocol: "websocket" }
        || (context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true }
            && HttpMethods.IsGet(context.Request.Method)
            && context.Request.Headers.Upgrade.Any(static value => string.Equals(value, "websocket", StringComparison.OrdinalIgnoreCase)));

    /// <summary>Accepts; null, and the response says why, when the handshake is not right.</summary>
    public static async ValueTask<Stream?> AcceptAsync(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }

        if (context.Request.Headers.SecWebSocketVersion != "13")
        {
            context.Response.Headers.SecWebSocketVersion = "13";
            context.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
            return null;
        }

        if (context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true } connect)
        {
            return await connect.AcceptAsync().ConfigureAwait(false);
        }

        if (AcceptKey(context.Request.Headers.SecWebSocketKey.ToString()) is not { } accept)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return null;
        }

        context.Response.Headers.Connection = "Upgrade";
        context.Response.Headers.Upgrade = "websocket";
        context.Response.Headers.SecWebSocketAccept = accept;
        return await context.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync().ConfigureAwait(false);
    }

    private static string? AcceptKey(string key)
    {
        Span<byte> nonce = stackalloc byte[16];
        if (key.Length != 24 || !Convert.TryFromBase64String(key, nonce, out var length) || length != nonce.Length)
        {
            return null;
        }

        Span<byte> text = stackalloc byte[24 + 36];
        _ = Encoding.ASCII.GetBytes(key, text);
        Guid.CopyTo(text[24..]);
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
        _ = SHA1.HashData(text, hash); // What RFC 6455 asks for; nothing secret hangs on it.
        return Convert.ToBase64String(hash);
    }
}
