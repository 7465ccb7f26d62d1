using System.Net.Http.Headers;
using System.Text;

namespace Bowline.Tunnel;

/// <summary>Header fields across the hop between the tunnel and the local service. Pure.</summary>
internal static class ForwardHeaders
{
    /// <summary>Names that never cross as they are: the hop's own, or set anew by us.</summary>
    private static readonly HashSet<string> Replaced = new(StringComparer.OrdinalIgnoreCase) { "Host", "Content-Length", "Expect", TunnelCaller.HeaderName };

    private static readonly HashSet<string> ForwardedNames = new(StringComparer.OrdinalIgnoreCase)
    {
        "Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Port", "X-Forwarded-Prefix", "X-Real-IP",
    };

    /// <summary>Fills the request's head; false when a field cannot be said in HTTP/1.1.</summary>
    public static bool TryWrite(TunnelExchange exchange, ForwardOptions options, HttpRequestMessage request)
    {
        var named = Named(exchange.RequestHeaders);
        string? forwarded = null;
        foreach (var (name, value) in exchange.RequestHeaders)
        {
            if (!HeadRules.IsToken(name) || !HeadRules.IsFieldValue(value))
            {
                return false;
            }

            if (Replaced.Contains(name) || HeadRules.IsHopByHop(name) || named?.Contains(name) == true)
            {
                continue;
            }

            if (ForwardedNames.Contains(name))
            {
                if (!options.KeepForwarded)
                {
                    continue;
                }

                if (name.Equals("Forwarded", StringComparison.OrdinalIgnoreCase))
                {
                    forwarded = forwarded is null ? value : $"{forwarded}, {value}";
                    continue;
                }
            }

            if (!request.Headers.TryAddWithoutValidation(name, value) && !Content(request).Headers.TryAddWithoutValidation(name, value))
            {
                return false;
            }
        }

        _ = exchange.RequestHeaders.TryGet("Host", out var host);
        var element = Forwarded(exchange.Caller, options.PublicHost ?? host, options.PublicProto);
        _ = request.Headers.TryAddWithoutValidation("Forwarded", forwarded is null ? element : $"{forwarded}, {element}");
        var sent = options.KeepCallerHost ? host ?? options.Host : options.Host;
        return request.Headers.TryAddWithoutValidation(TunnelCaller.HeaderName, exchange.Caller.ToString())
            && (sent is null || (HeadRules.IsFieldValue(sent) && request.Headers.TryAddWithoutValidation("Host", sent)));
    }

    /// <summary>Copies what may cross back to the caller, order and repetition kept.</summary>
    public static void Read(HttpResponseMessage response, TunnelHeaders into)
    {
        HashSet<string>? named = null;
        if (response.Headers.NonValidated.TryGetValues("Connection", out var connection))
        {
            foreach (var value in connection)
            {
                Name(value, ref named);
            }
        }

        Read(response.Headers.NonValidated, named, into);
        Read(response.Content.Headers.NonValidated, named, into);
    }

    public static void Read(HttpHeadersNonValidated headers, HashSet<string>? named, TunnelHeaders into)
    {
        foreach (var (name, values) in headers)
        {
            if (HeadRules.IsHopByHop(name) || name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase) || named?.Contains(name) == true)
            {
                continue;
            }

            foreach (var value in values)
            {
                into.Add(name, value);
            }
        }
    }

    /// <summary>One element of RFC 7239: the caller as an obfuscated identifier (section 6.3), because no address of it is known here.</summary>
    public static string Forwarded(TunnelCaller caller, string? host, string? proto)
    {
        var text = new StringBuilder("for=_");
        foreach (var c in $"{caller.Kind}.{caller.Id}")
        {
            _ = text.Append(char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' ? c : '-');
        }

        Append(text, "host", host);
        Append(text, "proto", proto);
        return text.ToString();
    }

    private static void Append(StringBuilder text, string name, string? value)
    {
        if (string.IsNullOrEmpty(value) || !HeadRules.IsFieldValue(value))
        {
            return;
        }

        _ = text.Append(';').Append(name).Append('=');
        _ = HeadRules.IsToken(value) ? text.Append(value) : text.Append('"').Append(value.Replace("\\", "\\\\").Replace("\"", "\\\"")).Append('"');
    }

    /// <summary>A content that carries fields only: some of them are legal without a body.</summary>
    private static HttpContent Content(HttpRequestMessage request) => request.Content ??= new ByteArrayContent([]);

    private static HashSet<string>? Named(TunnelHeaders headers)
    {
        HashSet<string>? named = null;
        foreach (var (name, value) in headers)
        {
            if (name.Equals("Connection", StringComparison.OrdinalIgnoreCase))
            {
                Name(value, ref named);
            }
        }

        return named;
    }

    private static void Name(string value, ref HashSet<string>? named)
    {
        named ??= new(StringComparer.OrdinalIgnoreCase);
        foreach (var name in value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            _ = named.Add(name);
        }
    }
}
