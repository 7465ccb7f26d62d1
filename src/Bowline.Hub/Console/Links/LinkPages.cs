using Bowline.Hub.Accounts;
using Bowline.Hub.Console.Pages;
using Bowline.Hub.Console.Rendering;
using Bowline.Hub.Devices;
using Bowline.Hub.Hosting;
using Bowline.Hub.Links;
using Bowline.Hub.Presence;
using Bowline.Hub.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Bowline.Hub.Console.Links;

/// <summary>The first page, and what its buttons post. Without script every button still works: it posts and comes back.</summary>
internal static class LinkPages
{
    /// <summary>In the query of the page after a revocation that is not effective at once.</summary>
    private const string RevokedLater = "revoked-later";

    public static void MapLinkPages(this IEndpointRouteBuilder app)
    {
        // A person who is not signed in is shown the way in, not a 401.
        app.MapGet("/", (HttpContext context, IPresence presence, RevocationTerm term, HubOptions options, HubNames names) =>
            HubPrincipal.TryOf(context.User)?.Account is null ? Results.Redirect("/login") : Page(context, presence, term, options, names, invite: null)).AllowAnonymous();

        var console = app.MapGroup("/console").RequireAuthorization(HubAuthentication.OperatePolicy).DisableAntiforgery(); // The Origin check guards every post.
        console.MapPost("/invites", InviteAsync);
        console.MapPost("/links/{id}/disconnect", async (string id, HttpContext context, DeviceStore devices, ITunnelGateway tunnel, HubIdentity hub, Audit.AuditLog audit) =>
            BackAfter(await PresenceEndpoints.DisconnectAsync(id, context, devices, tunnel, hub, audit)));
        console.MapPost("/links/{id}/revoke", async (string id, HttpContext context, DeviceStore devices, DeviceRevocation revocation, RevocationTerm term) =>
            BackAfter(await PresenceEndpoints.RevokeAsync(id, context, devices, revocation, term)));
    }

    private static RazorComponentResult<LinksPage> Page(HttpContext context, IPresence presence, RevocationTerm term, HubOptions options, HubNames names, InviteView? invite)
    {
        var account = HubPrincipal.Of(context.User).Account!;
        var model = new LinksPageModel(options.Name, HubUrl(context, names), account.Name, [.. presence.List(account.Id).Select(link => LinkViews.Of(link, term))], invite)
        {
            Notice = context.Request.Query.ContainsKey(RevokedLater) ? $"The device is revoked, {term.Words} where it is connected to NATS directly." : null,
        };
        return new(new Dictionary<string, object?>(StringComparer.Ordinal) { [nameof(LinksPage.Model)] = model });
    }

    private static async Task<IResult> InviteAsync(HttpContext context, EnrolmentService enrolment, HubLimits limits, IPresence presence, RevocationTerm term, HubOptions options, HubNames names, FragmentRenderer renderer)
    {
        var principal = HubPrincipal.Of(context.User);
        if (HubLimits.Check(limits.InvitesPerAccount, principal.LimitKey, context) is { } refusal)
        {
            return refusal;
        }

        var (code, expires) = enrolment.Invite(principal, HubLimits.AddressKey(context));
        var invite = new InviteView(code, expires);
        if (!context.Request.Headers.ContainsKey("HX-Request"))
        {
            return Page(context, presence, term, options, names, invite);
        }

        var html = await renderer.RenderAsync<InvitePanel>(new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            [nameof(InvitePanel.Invite)] = invite,
            [nameof(InvitePanel.HubUrl)] = HubUrl(context, names),
        });
        return Results.Content(html, "text/html; charset=utf-8");
    }

    private static IResult BackAfter(IResult result) =>
        result is IStatusCodeHttpResult { StatusCode: >= 200 and < 300 } ? Results.Redirect(result is IValueHttpResult<RevocationResponse> ? "/?" + RevokedLater : "/") : result;

    private static string HubUrl(HttpContext context, HubNames names) => names.OwnOrigin(context).GetLeftPart(UriPartial.Authority);
}
