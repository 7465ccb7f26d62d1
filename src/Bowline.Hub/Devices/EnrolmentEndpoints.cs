using Bowline.Hub.Accounts;
using Bowline.Hub.Hosting;
using Bowline.Hub.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Bowline.Hub.Devices;

/// <summary>How a device gets in, and out.</summary>
internal static class EnrolmentEndpoints
{
    public static void MapEnrolment(this IEndpointRouteBuilder app)
    {
        app.MapPost("/api/invites", Invite).RequireAuthorization(HubAuthentication.OperatePolicy);
        app.MapPost("/api/enrolments/challenge", Challenge).AllowAnonymous();
        app.MapPost("/api/enrolments", Enrol).AllowAnonymous();
        app.MapDelete("/api/enrolments/me", async (HttpContext context, DeviceRevocation revocation, RevocationTerm term) =>
        {
            var principal = HubPrincipal.Of(context.User);
            return term.ResultOf(await revocation.RevokeAsync(principal.Device!.Value, principal.Actor, HubLimits.AddressKey(context)));
        }).RequireAuthorization(HubAuthentication.DevicePolicy);
    }

    private static IResult Invite(HttpContext context, EnrolmentService service, HubLimits limits)
    {
        var principal = HubPrincipal.Of(context.User);
        if (HubLimits.Check(limits.InvitesPerAccount, principal.LimitKey, context) is { } refusal)
        {
            return refusal;
        }

        var (code, expires) = service.Invite(principal, HubLimits.AddressKey(context));
        return Results.Json(new InviteResponse(code, expires), HubJson.Default.InviteResponse);
    }

    private static IResult Challenge(ChallengeRequest request, HttpContext context, EnrolmentService service, HubLimits limits)
    {
        if (HubLimits.Check(limits.EnrolmentsPerAddress, HubLimits.AddressKey(context), context) is { } refusal)
        {
            return refusal;
        }

        var (response, problem) = service.Challenge(request);
        return response is null ? HubProblem.Result(problem!) : Results.Json(response, HubJson.Default.ChallengeResponse);
    }

    private static IResult Enrol(EnrolmentRequest request, HttpContext context, EnrolmentService service, HubLimits limits)
    {
        if (HubLimits.Check(limits.EnrolmentsPerAddress, HubLimits.AddressKey(context), context) is { } refusal)
        {
            return refusal;
        }

        var (response, problem) = service.Enrol(request, HubLimits.AddressKey(context));
        return response is null ? HubProblem.Result(problem!) : Results.Json(response, HubJson.Default.EnrolmentResponse);
    }
}
