using Bowline.Hub.Accounts;
using Bowline.Hub.Hosting;
using Bowline.Hub.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Bowline.Hub.Links;

/// <summary>Link sessions and the bridge to NATS: the device's side of the API.</summary>
internal static class LinkEndpoints
{
    public static void MapLinkSessions(this IEndpointRouteBuilder app)
    {
        app.MapPost("/api/links/session", Session).RequireAuthorization(HubAuthentication.DevicePolicy);
        app.MapGet("/nats", (HttpContext context, NatsBridge bridge) => bridge.ServeAsync(context, HubPrincipal.Of(context.User).Device!.Value))
            .RequireAuthorization(HubAuthentication.DevicePolicy);
    }

    private static IResult Session(LinkSessionRequest request, HttpContext context, LinkSessionService sessions, HubNames names, HubLimits limits)
    {
        var device = HubPrincipal.Of(context.User).Device!.Value;
        if (HubLimits.Check(limits.SessionsPerDevice, device.ToString(), context) is { } refusal)
        {
            return refusal;
        }

        var (response, problem) = sessions.Open(device, request, names.OwnOrigin(context));
        return response is null ? HubProblem.Result(problem!) : Results.Json(response, HubJson.Default.LinkSessionResponse);
    }
}
