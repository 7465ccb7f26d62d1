using System.Buffers;
using Bowline.Hub.Accounts;
using Bowline.Tunnel;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Bowline.Hub.Content;

/// <summary>Which headers cross between a browser and an exposed service. The hub's own credentials never do, in either direction.</summary>
internal static class ContentHeaders
{
    private static readonly SearchValues<char> Controls =
        SearchValues.Create([.. Enumerable.Range(0, 0x20).Append(0x7F).Where(c => c != '\t').Select(c => (char)c)]);

    private static readonly HashSet<string> HopByHop = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Proxy-Connection", "Keep-Alive", "Transfer-Encoding", "TE", "Trailer", "Upgrade", "Proxy-Authenticate", "Proxy-Authorization", "Expect",
    };

    private static readonly HashSet<string> SaidByUs = new(StringComparer.OrdinalIgnoreCase)
    {
        "Host", "Cookie", "Content-Length", "Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Port", "X-Forwarded-Prefix", "X-Real-IP", TunnelCaller.HeaderName,
    };

    /// <summary>What a service could use against the other things on its host: the console's cookies, other services' scopes.</summary>
    private static readonly HashSet<string> NotForServices = new(StringComparer.OrdinalIgnoreCase)
    {
        "Clear-Site-Data", "Service-Worker-Allowed", "Strict-Transport-Security", "Alt-Svc", "Set-Cookie",
    };

    public static void CopyRequest(HttpContext context, HttpRequestMessage request, ContentTarget target, bool dropAuthorization)
    {
        var named = Named(context.Request.Headers.Connection);
        foreach (var (name, values) in context.Request.Headers)
        {
            if (name.StartsWith(':') || HopByHop.Contains(name) || SaidByUs.Contains(name) || named.Contains(name)
                || (name.Equals("Authorization", StringComparison.OrdinalIgnoreCase) && (dropAuthorization || IsOurs(values))))
            {
                continue;
            }

            if (!request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
            }
        }

        var cookies = Cookies(context.Request.Headers.Cookie);
        if (cookies.Length > 0)
        {
            request.Headers.TryAddWithoutValidation("Cookie", cookies);
        }

        request.Headers.Host = context.Request.Host.Value;
        request.Headers.TryAddWithoutValidation("X-Forwarded-Host", context.Request.Host.Value);
        request.Headers.TryAddWithoutValidation("X-Forwarded-Proto", context.Request.Scheme);
        if (target.Prefix.Length > 0)
        {
            request.Headers.TryAddWithoutValidation("X-Forwarded-Prefix", target.Prefix);
        }
    }

    public static void CopyResponse(HttpResponseMessage response, HttpContext context, ContentTarget target)
    {
        context.Response.StatusCode = (int)response.StatusCode;
        var headers = context.Response.Headers;
        foreach (var (name, values) in response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated))
        {
            if (!HopByHop.Contains(name) && !NotForServices.Contains(name))
            {
                headers[name] = new StringValues([.. values.Select(Sayable)]);
            }
        }

        if (response.Headers.NonValidated.TryGetValues("Set-Cookie", out var set))
        {
            headers.SetCookie = new StringValues([.. set.Select(c => Scoped(Sayable(c), target.Prefix)).OfType<string>()]);
        }

        if (target.Prefix.Length > 0 && headers.Location is [{ } location] && ContentAddress.IsLocalPath(location))
        {
            headers.Location = target.Prefix + location;
        }
    }

    /// <summary>The service's own cookies out of a Cookie header.</summary>
    internal static string Cookies(StringValues header) => string.Join("; ", header
        .SelectMany(h => (h ?? "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        .Where(c => !IsHubCookie(c)));

    /// <summary>
    /// A service's cookie kept to that service: never one of the hub's names, never for a wider domain, and below the prefix where
    /// services share a host. Null when it may not be set at all.
    /// </summary>
    internal static string? Scoped(string cookie, string prefix)
    {
        var parts = cookie.Split(';', StringSplitOptions.TrimEntries);
        if (IsHubCookie(parts[0]))
        {
            return null;
        }

        var path = prefix + "/";
        var kept = new List<string>(parts.Length + 1) { parts[0] };
        foreach (var attribute in parts.Skip(1))
        {
            // Browsers trim around the sign, so "Domain =x" is a domain too.
            var pair = attribute.Split('=', 2, StringSplitOptions.TrimEntries);
            if (pair[0].Equals("path", StringComparison.OrdinalIgnoreCase))
            {
                path = pair is [_, ['/', ..] given] ? prefix + given : path;
            }
            else if (!pair[0].Equals("domain", StringComparison.OrdinalIgnoreCase) && attribute.Length > 0)
            {
                kept.Add(attribute);
            }
        }

        kept.Add("Path=" + path);
        return string.Join("; ", kept);
    }

    /// <summary>With a space for each control character, which services send now and then and our server refuses to (RFC 9110 section 5.5).</summary>
    private static string Sayable(string value) => value.AsSpan().IndexOfAny(Controls) < 0
        ? value
        : string.Create(value.Length, value, static (to, from) =>
        {
            from.CopyTo(to);
            to.ReplaceAny(Controls, ' ');
        });

    private static bool IsHubCookie(string cookie)
    {
        var name = cookie.Split('=', 2)[0].Trim();
        return name.Equals(SessionCookie.Name, StringComparison.OrdinalIgnoreCase) || name.Equals(ContentKeys.CookieName, StringComparison.OrdinalIgnoreCase);
    }

    private static bool IsOurs(StringValues authorization) =>
        authorization.Any(v => v?.Contains(ApiTokenStore.Prefix, StringComparison.OrdinalIgnoreCase) == true);

    private static HashSet<string> Named(StringValues connection) => new(
        connection.SelectMany(v => (v ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)),
        StringComparer.OrdinalIgnoreCase);
}
