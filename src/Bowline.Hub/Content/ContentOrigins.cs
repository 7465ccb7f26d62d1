using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Bowline.Hub.Content;

/// <summary>The addresses of console and content as this caller reaches them.</summary>
internal sealed class ContentOrigins(HubOptions options, IServer server)
{
    /// <summary>Where a browser opens a service.</summary>
    /// <param name="context">A request to the console.</param>
    /// <param name="node">The node's slug.</param>
    /// <param name="service">The service.</param>
    /// <returns>The address without a slash at its end.</returns>
    public string ServiceUrl(HttpContext context, string node, string service)
    {
        if (options.WildcardDomain is { } domain)
        {
            var origin = options.PublicUrl ?? new Uri($"{context.Request.Scheme}://{context.Request.Host}");
            return new UriBuilder(origin.Scheme, $"{service}--{node}.{domain}", origin.IsDefaultPort ? -1 : origin.Port).Uri.GetLeftPart(UriPartial.Authority);
        }

        return $"{ContentOrigin(context)}/{node}/{service}";
    }

    /// <summary>The console, from a request to content.</summary>
    public string ConsoleOrigin(HttpContext context)
    {
        if (options.PublicUrl is { } url && (options.WildcardDomain is not null || IsHost(options.PublicContentUrl, context) || IsHost(url, context)))
        {
            return url.GetLeftPart(UriPartial.Authority);
        }

        return WithPort(context, PortOf(0, options.Listen.Port));
    }

    private string ContentOrigin(HttpContext context)
    {
        if (options.PublicUrl is { } url && IsHost(url, context))
        {
            return (options.PublicContentUrl ?? new UriBuilder(url) { Port = PortOf(1, options.ContentPort) }.Uri).GetLeftPart(UriPartial.Authority);
        }

        return WithPort(context, PortOf(1, options.ContentPort));
    }

    private static string WithPort(HttpContext context, int port) =>
        new UriBuilder(context.Request.Scheme, context.Request.Host.Host, port).Uri.GetLeftPart(UriPartial.Authority);

    private static bool IsHost(Uri? url, HttpContext context) => url is not null && string.Equals(url.IdnHost, context.Request.Host.Host, StringComparison.OrdinalIgnoreCase);

    /// <summary>The port really listened on; the listeners are opened in the order console, content.</summary>
    private int PortOf(int listener, int configured) =>
        configured != 0 ? configured : new Uri(server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.ElementAt(listener)).Port;
}
