using System.Buffers;

namespace Bowline.Tunnel;

/// <summary>What may stand in a head: RFC 9110 tokens and field values, visible paths, our service names.</summary>
internal static class HeadRules
{
    /// <summary>Head block limit of both sides; servers of the field use 16 to 64 KiB.</summary>
    public const int MaxHead = 64 * 1024;

    private const string TokenText = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private static readonly SearchValues<char> TokenChars = SearchValues.Create(TokenText);
    private static readonly SearchValues<byte> TokenBytes = SearchValues.Create(System.Text.Encoding.ASCII.GetBytes(TokenText));
    private static readonly SearchValues<byte> BadInValue = SearchValues.Create([0, 10, 13]);
    private static readonly SearchValues<char> ServiceChars = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_$");
    private static readonly HashSet<string> HopByHop = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Proxy-Connection", "Keep-Alive", "Transfer-Encoding", "TE", "Trailer", "Upgrade", "Proxy-Authenticate", "Proxy-Authorization",
    };

    public static bool IsToken(ReadOnlySpan<byte> name) => !name.IsEmpty && !name.ContainsAnyExcept(TokenBytes);

    public static bool IsToken(ReadOnlySpan<char> name) => !name.IsEmpty && !name.ContainsAnyExcept(TokenChars);

    public static bool IsFieldValue(ReadOnlySpan<byte> value) => !value.ContainsAny(BadInValue);

    public static bool IsFieldValue(ReadOnlySpan<char> value) => !value.ContainsAny('\0', '\r', '\n');

    public static bool IsService(ReadOnlySpan<char> name) => name.Length is > 0 and <= 63 && !name.ContainsAnyExcept(ServiceChars);

    public static bool IsPath(ReadOnlySpan<char> path) => path.Length > 0 && (path[0] == '/' || path is "*") && !path.ContainsAnyInRange('\0', ' ') && !path.Contains('\x7f');

    /// <summary>Headers that speak of one connection only (RFC 9110 section 7.6.1), so they end at each hop.</summary>
    public static bool IsHopByHop(string name) => HopByHop.Contains(name);

    /// <summary>Idempotent by RFC 9110 section 9.2.2.</summary>
    public static bool IsIdempotent(string method) => method is "GET" or "HEAD" or "OPTIONS" or "PUT" or "DELETE" or "TRACE";
}
