using System.Text;

namespace Bowline.Tunnel;

/// <summary>
/// Header names, methods and the like that come again and again: decoding them finds the one string instead of making a new one.
/// Purely local: nothing of this is on the wire.
/// </summary>
internal static class KnownNames
{
    private static readonly Dictionary<string, string>.AlternateLookup<ReadOnlySpan<byte>> Lookup = Build().GetAlternateLookup<ReadOnlySpan<byte>>();

    public static string Get(ReadOnlySpan<byte> utf8) => utf8.IsEmpty ? "" : Lookup.TryGetValue(utf8, out var known) ? known : Encoding.UTF8.GetString(utf8);

    private static Dictionary<string, string> Build()
    {
        string[] names =
        [
            "GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "/", "default", "$node", "hub", "account", "websocket",
            "Accept", "Accept-Encoding", "Accept-Language", "Accept-Ranges", "Age", "Allow", "Authorization", "Cache-Control", "Content-Disposition",
            "Content-Encoding", "Content-Language", "Content-Length", "Content-Range", "Content-Type", "Cookie", "Date", "ETag", "Expires", "Forwarded",
            "Host", "Idempotency-Key", "If-Match", "If-Modified-Since", "If-None-Match", "Last-Modified", "Location", "Origin", "Range", "Referer",
            "Retry-After", "Server", "Set-Cookie", "User-Agent", "Vary", "traceparent", "tracestate", "Sec-WebSocket-Key", "Sec-WebSocket-Version",
            "Sec-WebSocket-Accept", "Sec-WebSocket-Protocol", "Sec-WebSocket-Extensions", "text/plain", "application/json", "*/*", "no-cache",
            "text/plain; charset=utf-8", "application/json; charset=utf-8", "text/html; charset=utf-8", "application/octet-stream", "text/event-stream",
        ];
        var known = new Dictionary<string, string>(Utf8KeyComparer.Instance);
        foreach (var name in names)
        {
            known[name] = name;
        }

        return known;
    }
}
