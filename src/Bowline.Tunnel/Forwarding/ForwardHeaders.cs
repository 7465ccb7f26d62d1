namespace Bowline.Tunnel;

/// <summary>Headers between the tunnel and a local service.</summary>
internal static class ForwardHeaders
{
    public static void CopyRequest(TunnelExchange exchange, HttpRequestMessage request)
    {
        string? host = null;
        foreach (var (name, value) in exchange.RequestHeaders)
        {
            if (name.Equals("Host", StringComparison.OrdinalIgnoreCase))
            {
                host = value;
            }
            else if (!HeadRules.IsHopByHop(name) && !request.Headers.TryAddWithoutValidation(name, value))
            {
                _ = request.Content?.Headers.TryAddWithoutValidation(name, value);
            }
        }

        // The service is addressed by its own name; who was asked, and by whom, is told as RFC 7239 says.
        _ = request.Headers.TryAddWithoutValidation("Forwarded", $"for=_{Obfuscated(exchange.Caller)};host=\"{Quoted(host ?? "")}\";proto=http");
        if (exchange.UpgradeProtocol.Length > 0)
        {
            _ = request.Headers.TryAddWithoutValidation("Connection", "Upgrade");
            _ = request.Headers.TryAddWithoutValidation("Upgrade", exchange.UpgradeProtocol);
        }
    }

    public static void CopyResponse(HttpResponseMessage response, TunnelExchange exchange)
    {
        exchange.StatusCode = (int)response.StatusCode;
        HashSet<string>? named = null;
        if (response.Headers.NonValidated.TryGetValues("Connection", out var connection))
        {
            named = new(StringComparer.OrdinalIgnoreCase);
            foreach (var value in connection)
            {
                named.UnionWith(value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
            }
        }

        Copy(response.Headers.NonValidated, exchange.ResponseHeaders, named);
        Copy(response.Content.Headers.NonValidated, exchange.ResponseHeaders, named);
        exchange.ResponseLength = response.Content.Headers.ContentLength ?? -1;
    }

    public static void CopyTrailers(HttpResponseMessage response, TunnelExchange exchange) =>
        Copy(response.TrailingHeaders.NonValidated, exchange.ResponseTrailers, null);

    private static void Copy(System.Net.Http.Headers.HttpHeadersNonValidated from, TunnelHeaders to, HashSet<string>? named)
    {
        foreach (var (name, values) in from)
        {
            if (HeadRules.IsHopByHop(name) || named?.Contains(name) == true)
            {
                continue;
            }

            foreach (var value in values)
            {
                to.Add(name, value);
            }
        }
    }

    private static string Obfuscated(TunnelCaller caller) =>
        string.Concat(caller.ToString().Select(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' ? c : '_'));

    private static string Quoted(string host) => string.Concat(host.Where(static c => c is > ' ' and < '\x7f' and not '"' and not '\\'));
}
