namespace Bowline.WebRtc;

/// <summary>A STUN or TURN server (RFC 7064, RFC 7065).</summary>
public sealed class IceServer
{
    private IceServer(string host, int port, IceServerKind kind, string? user, string? password) =>
        (Host, Port, Kind, User, Password) = (host, port, kind, user, password);

    /// <summary>A name or an address.</summary>
    public string Host { get; }

    /// <summary>1 to 65535; 3478 when the URI has none.</summary>
    public int Port { get; }

    /// <summary>What it is and how it is reached.</summary>
    public IceServerKind Kind { get; }

    /// <summary>The user name for TURN.</summary>
    public string? User { get; }

    internal string? Password { get; }

    /// <summary>Reads the URI of a server.</summary>
    /// <param name="uri"><c>stun:host[:port]</c> or <c>turn:host[:port][?transport=udp|tcp]</c>; IPv6 addresses in brackets.</param>
    /// <param name="user">The user name, which TURN needs.</param>
    /// <param name="password">The password, which TURN needs.</param>
    /// <returns>The server.</returns>
    /// <exception cref="FormatException">It is no such URI, or one of a kind that is not supported.</exception>
    public static IceServer Parse(string uri, string? user = null, string? password = null)
    {
        ArgumentNullException.ThrowIfNull(uri);
        var colon = uri.IndexOf(':', StringComparison.Ordinal);
        var scheme = colon < 0 ? "" : uri[..colon];
        var (rest, query) = uri.IndexOf('?', colon + 1) is >= 0 and var mark ? (uri[(colon + 1)..mark], uri[(mark + 1)..]) : (uri[(colon + 1)..], "");
        var kind = (scheme, query) switch
        {
            ("stun", "") => IceServerKind.Stun,
            ("turn", "" or "transport=udp") => IceServerKind.TurnUdp,
            ("turn", "transport=tcp") => IceServerKind.TurnTcp,
            ("turns" or "stuns", _) => throw new FormatException($"'{uri}': TLS to STUN and TURN servers is not supported; use turn:…?transport=tcp. What it carries is encrypted end to end in any case."),
            _ => throw new FormatException($"'{uri}' is not the URI of a STUN or TURN server, such as stun:host:3478 or turn:host:3478?transport=tcp."),
        };
        if (kind != IceServerKind.Stun && (string.IsNullOrEmpty(user) || string.IsNullOrEmpty(password)))
        {
            throw new FormatException($"'{uri}': a TURN server needs a user name and a password.");
        }

        var (host, port) = Split(uri, rest);
        return new(host, port, kind, user, password);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{(Kind == IceServerKind.Stun ? "stun" : "turn")}:{Host}:{Port}{(Kind == IceServerKind.TurnTcp ? "?transport=tcp" : "")}";

    private static (string Host, int Port) Split(string uri, string text)
    {
        var end = text.StartsWith('[') ? text.IndexOf(']', StringComparison.Ordinal) + 1 : text.IndexOf(':', StringComparison.Ordinal);
        end = end <= 0 ? text.Length : end;
        var host = text[..end].Trim('[', ']');
        var port = text.Length == end ? "3478" : text[end] == ':' ? text[(end + 1)..] : "";
        return host.Length > 0 && Uri.CheckHostName(host) != UriHostNameType.Unknown && ushort.TryParse(port, out var number) && number > 0
            ? (host, number)
            : throw new FormatException($"'{uri}' has no valid host and port, such as stun:host:3478 or turn:[2001:db8::1]:3478.");
    }
}
