using Bowline.Hub.Accounts;
using Bowline.Hub.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Bowline.Hub.Hosting;

/// <summary>What every request to the console's origin passes before an endpoint sees it.</summary>
internal static class RequestGuards
{
    /// <summary>
    /// Scripts and styles from our own files only: an injected script has no way to run and no way to send anything out.
    /// </summary>
    internal const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    public static IApplicationBuilder UseSecurityHeaders(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin"; // 'no-referrer' would turn the Origin of our own forms into 'null'.
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()";
        if (context.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal))
        {
            headers.CacheControl = "no-store";
        }

        if (context.Request.IsHttps)
        {
            headers.StrictTransportSecurity = "max-age=31536000";
        }

        return next(context);
    });

    public static IApplicationBuilder UseHostCheck(this IApplicationBuilder app, HubNames names) => app.Use((context, next) =>
        names.IsKnownHost(context) ? next(context) : HubProblem.WriteAsync(context, HubProblemCode.HostUnknown));

    /// <summary>
    /// A browser says where a request comes from. Anything that changes state, and any WebSocket, must come from our own pages;
    /// a program that sends no Origin may go on only if it sends no cookie either.
    /// </summary>
    public static IApplicationBuilder UseOriginCheck(this IApplicationBuilder app, HubNames names) => app.Use((context, next) =>
    {
        var request = context.Request;
        var safe = (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method))
            && !context.WebSockets.IsWebSocketRequest;
        if (safe)
        {
            // Content on another port of this host is "same-site", so its requests carry the cookie; they have no business here.
            var site = request.Headers["Sec-Fetch-Site"].ToString();
            var foreign = site is ("cross-site" or "same-site") && request.Path.StartsWithSegments("/api", StringComparison.Ordinal);
            return foreign ? HubProblem.WriteAsync(context, HubProblemCode.OriginRefused) : next(context);
        }

        var origin = request.Headers.Origin;
        var allowed = origin.Count switch
        {
            0 => !request.Cookies.ContainsKey(SessionCookie.Name),
            1 => names.IsOwnOrigin(origin[0] ?? "", context),
            _ => false,
        };
        return allowed ? next(context) : HubProblem.WriteAsync(context, HubProblemCode.OriginRefused);
    });

    /// <summary>Gives a bodyless refusal of the framework its problem details.</summary>
    public static IApplicationBuilder UseProblemPages(this IApplicationBuilder app) => app.UseStatusCodePages(pages =>
        HubProblemCode.Of(pages.HttpContext.Response.StatusCode) is { } code ? HubProblem.WriteAsync(pages.HttpContext, code) : Task.CompletedTask);
}
