using System.Net;
using Microsoft.AspNetCore.Http;

namespace Bowline.Hub.Hosting;

/// <summary>
/// The names this hub answers to. A Host that is none of them is refused, which defeats DNS rebinding: an attacker's
/// name may point at this address, but a literal address or a configured name cannot be made to mean something else.
/// </summary>
internal sealed class HubNames(HubOptions options)
{
    /// <summary>True when the Host header names this hub on the port the connection came in by.</summary>
    public bool IsKnownHost(HttpContext context)
    {
        var host = context.Request.Host;
        if (!host.HasValue)
        {
            return false;
        }

        if (IsAuthority(options.PublicUrl, host) || IsAuthority(options.PublicContentUrl, host) || Content.ContentAddress.IsBelow(host.Host, options.WildcardDomain))
        {
            return true;
        }

        var port = host.Port ?? DefaultPort(context.Request.Scheme);
        return port == context.Connection.LocalPort
            && (IsLoopbackName(host.Host)
                || IsLocalAddress(host.Host, context.Connection.LocalIpAddress)
                || options.AllowedHosts.Contains(host.Host, StringComparer.OrdinalIgnoreCase)
                || string.Equals(options.PublicUrl?.Host, host.Host, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>True when the text is the origin of this hub's console as the (already checked) request sees it.</summary>
    public bool IsOwnOrigin(string origin, HttpContext context)
    {
        if (!Uri.TryCreate(origin, UriKind.Absolute, out var url) || url.PathAndQuery != "/" || url.Scheme is not ("http" or "https"))
        {
            return false;
        }

        if (options.PublicUrl is { } mine && Uri.Compare(url, mine, UriComponents.SchemeAndServer, UriFormat.SafeUnescaped, StringComparison.OrdinalIgnoreCase) == 0)
        {
            return true;
        }

        var request = context.Request;
        return string.Equals(url.Scheme, request.Scheme, StringComparison.Ordinal)
            && string.Equals(url.IdnHost, request.Host.Host.Trim('[', ']'), StringComparison.OrdinalIgnoreCase)
            && url.Port == (request.Host.Port ?? DefaultPort(request.Scheme));
    }

    /// <summary>True when a password or cookie on this connection cannot be read on the way.</summary>
    public bool IsPrivate(HttpContext context)
    {
        if (context.Request.IsHttps)
        {
            return true;
        }

        // Plain HTTP from this machine, or from a proxy on this machine that ended the TLS of the public address.
        return context.Connection.LocalIpAddress is { } local && IPAddress.IsLoopback(local)
            && (IsLoopbackName(context.Request.Host.Host) || (options.PublicUrl?.Scheme == Uri.UriSchemeHttps && IsAuthority(options.PublicUrl, context.Request.Host)));
    }

    /// <summary>True when the caller uses a loopback name.</summary>
    public static bool IsLoopback(HttpContext context) => IsLoopbackName(context.Request.Host.Host);

    /// <summary>True when browsers reach the hub by HTTPS, so cookies must not travel otherwise.</summary>
    public bool NeedsSecureCookie(HttpContext context) =>
        context.Request.IsHttps || (options.PublicUrl?.Scheme == Uri.UriSchemeHttps && IsAuthority(options.PublicUrl, context.Request.Host));

    /// <summary>The console's origin as this caller reaches it.</summary>
    public Uri OwnOrigin(HttpContext context) =>
        IsAuthority(options.PublicUrl, context.Request.Host) ? options.PublicUrl! : new Uri($"{context.Request.Scheme}://{context.Request.Host}");

    internal static bool IsLoopbackName(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static bool IsLocalAddress(string host, IPAddress? local) =>
        local is not null && IPAddress.TryParse(host.Trim('[', ']'), out var address)
        && (address.Equals(local) || address.Equals(local.IsIPv4MappedToIPv6 ? local.MapToIPv4() : local));

    private static bool IsAuthority(Uri? url, HostString host) =>
        url is not null
        && string.Equals(url.IdnHost, host.Host.Trim('[', ']'), StringComparison.OrdinalIgnoreCase)
        && url.Port == (host.Port ?? url.Port);

    private static int DefaultPort(string scheme) => scheme == Uri.UriSchemeHttps ? 443 : 80;
}
