using Bowline.Hub.Accounts;
using Bowline.Hub.Console;
using Bowline.Hub.Devices;
using Bowline.Hub.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace Bowline.Hub.Content;

/// <summary>What the console's origin offers for exposed content: the way in for browsers, and <c>/t</c> for scripts.</summary>
internal static class ContentEndpoints
{
    /// <summary>A person by API token; a cookie does not count.</summary>
    public const string TokenPolicy = "token";

    private const string ScriptRoot = "/t";

    public static void MapContent(this IEndpointRouteBuilder app)
    {
        app.MapGet("/open/{node}/{service}", Open).AllowAnonymous();
        app.Map(ScriptRoot + "/{**rest}", ForScriptsAsync).RequireAuthorization(TokenPolicy);
    }

    /// <summary>
    /// Gives a signed-in browser a ticket for one service and sends it there. A browser that was sent here from another site leaves a
    /// SameSite=Strict cookie at home; a page of our own that comes back at once is a navigation within the site, and the cookie comes along.
    /// </summary>
    private static IResult Open(string node, string service, string? to, string? again, HttpContext context, DeviceStore devices, ContentKeys keys, ContentOrigins origins)
    {
        var path = ContentAddress.IsLocalPath(to) ? to! : "/";
        if (HubPrincipal.TryOf(context.User) is not { SessionId: { } session, Account: { } account })
        {
            return again is null
                ? ConsoleLogin.Continue($"{context.Request.Path}{context.Request.QueryString.Add("again", "1")}")
                : Results.Redirect("/login?to=" + Uri.EscapeDataString($"{context.Request.Path}?to={Uri.EscapeDataString(path)}"));
        }

        if (devices.FindByName(node) is not { } device || device.AccountId != account.Id || !Bowline.Tunnel.TunnelServices.IsName(service))
        {
            return HubProblem.Result(HubProblemCode.NotFound);
        }

        var ticket = keys.NewTicket(session, device, service);
        return Results.Redirect($"{origins.ServiceUrl(context, device.Slug, service)}{ContentApp.OpenPath}?ticket={ticket}&to={Uri.EscapeDataString(path)}");
    }

    private static async Task ForScriptsAsync(HttpContext context, DeviceStore devices, ContentForwarder forwarder)
    {
        var account = HubPrincipal.Of(context.User).Account!;
        var raw = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (!ContentAddress.TryReadPath(raw, ScriptRoot, out var address) || devices.FindByName(address.Node) is not { } device || device.AccountId != account.Id)
        {
            await HubProblem.WriteAsync(context, HubProblemCode.NotFound);
            return;
        }

        var path = address.PathAndQuery.StartsWith('/') ? address.PathAndQuery : "/" + address.PathAndQuery;
        await forwarder.ForwardAsync(context, new ContentTarget(device, address.Service, address.Prefix, path), account.Id, sandboxed: true);
    }
}
