using Bowline.Hub.Accounts;
using Bowline.Hub.Devices;
using Bowline.Hub.Hosting;
using Bowline.Hub.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Bowline.Hub.Content;

/// <summary>Everything on the origins of exposed content. No route of the console exists here.</summary>
internal sealed class ContentApp(
    HubOptions options,
    DeviceStore devices,
    SessionStore sessions,
    ContentKeys keys,
    ContentOrigins origins,
    ContentForwarder forwarder,
    HubLimits limits)
{
    /// <summary>Where a ticket is changed for a cookie, below the service's address.</summary>
    public const string OpenPath = "/.bowline/open";

    /// <summary>True when the request belongs here and not to the console.</summary>
    public bool Owns(HttpContext context) =>
        context.Features.Get<HubListener>()?.IsContent == true || ContentAddress.IsBelow(context.Request.Host.Host, options.WildcardDomain);

    public async Task ServeAsync(HttpContext context)
    {
        if (!TryRead(context, out var address))
        {
            await RefuseAsync(context, HubProblemCode.NotFound);
            return;
        }

        if (!address.PathAndQuery.StartsWith('/'))
        {
            // Relative addresses of the service's pages need the slash.
            context.Response.Redirect($"{address.Prefix}/{address.PathAndQuery}", permanent: false, preserveMethod: true);
            return;
        }

        var device = devices.FindByName(address.Node);
        if (device is not null && address.PathAndQuery.StartsWith(OpenPath + "?", StringComparison.Ordinal))
        {
            await EnterAsync(context, device, address);
            return;
        }

        if (device is null || AccountOf(context, device, address.Service) is not { } account)
        {
            await SignInAsync(context, address);
            return;
        }

        if (!ComesFromHere(context))
        {
            await RefuseAsync(context, HubProblemCode.OriginRefused);
            return;
        }

        await forwarder.ForwardAsync(context, new ContentTarget(device, address.Service, address.Prefix, address.PathAndQuery), account, sandboxed: false);
    }

    private bool TryRead(HttpContext context, out ContentAddress address)
    {
        var raw = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (ContentAddress.TryReadHost(context.Request.Host.Host, options.WildcardDomain, out var node, out var service))
        {
            address = new ContentAddress(node, service, "", raw.StartsWith('/') ? raw : "/");
            return true;
        }

        return ContentAddress.TryReadPath(raw, "", out address);
    }

    /// <summary>Whose cookie this is: its session must still stand and its account must own the node.</summary>
    private string? AccountOf(HttpContext context, Device device, string service) =>
        context.Request.Cookies.TryGetValue(ContentKeys.CookieName, out var cookie)
        && keys.ReadCookie(cookie, device, service) is { } session
        && sessions.AccountOf(session) is { } account && account == device.AccountId
            ? account
            : null;

    private async Task EnterAsync(HttpContext context, Device device, ContentAddress address)
    {
        if (keys.UseTicket(context.Request.Query["ticket"], device, address.Service) is not { } session)
        {
            await SignInAsync(context, address with { PathAndQuery = "/" });
            return;
        }

        context.Response.Cookies.Append(ContentKeys.CookieName, keys.NewCookie(session, device, address.Service), new CookieOptions
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Lax,
            Secure = context.Request.IsHttps || (options.PublicUrl?.Scheme == Uri.UriSchemeHttps && !HubNames.IsLoopback(context)),
            Path = address.Prefix + "/",
            MaxAge = ContentKeys.CookieLife,
            IsEssential = true,
        });
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["Referrer-Policy"] = "no-referrer";
        string? to = context.Request.Query["to"];
        context.Response.Redirect(address.Prefix + (ContentAddress.IsLocalPath(to) ? to : "/"));
    }

    /// <summary>Sends a person to the console, which sends them back with a ticket; tells a program that it may not.</summary>
    private async Task SignInAsync(HttpContext context, ContentAddress address)
    {
        if (!limits.Requests.TryTake(HubLimits.AddressKey(context), out _))
        {
            await RefuseAsync(context, HubProblemCode.TooMany);
            return;
        }

        var mode = context.Request.Headers["Sec-Fetch-Mode"].ToString();
        var isPage = HttpMethods.IsGet(context.Request.Method)
            && (mode == "navigate" || (mode.Length == 0 && context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase)));
        if (!isPage)
        {
            await RefuseAsync(context, HubProblemCode.Unauthenticated);
            return;
        }

        context.Response.Headers.CacheControl = "no-store";
        context.Response.Redirect($"{origins.ConsoleOrigin(context)}/open/{address.Node}/{address.Service}?to={Uri.EscapeDataString(address.PathAndQuery)}");
    }

    /// <summary>Changes of state and WebSockets come from the service's own pages only.</summary>
    private static bool ComesFromHere(HttpContext context)
    {
        var request = context.Request;
        var upgrade = request.Headers.Upgrade.Count > 0;
        if (!upgrade && (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method)))
        {
            return true;
        }

        return request.Headers["Sec-Fetch-Site"] == "same-origin"
            || (request.Headers.Origin is [{ } origin] && Uri.TryCreate(origin, UriKind.Absolute, out var from)
                && string.Equals(from.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase));
    }

    private static Task RefuseAsync(HttpContext context, HubProblemCode code)
    {
        context.Response.Headers.ContentSecurityPolicy = "sandbox";
        return HubProblem.WriteAsync(context, code);
    }
}
