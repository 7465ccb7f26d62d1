using Bowline.Hub.Audit;
using Bowline.Hub.Hosting;
using Bowline.Hub.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Bowline.Hub.Accounts;

/// <summary>Login, sessions, API tokens, audit log.</summary>
internal static class AccountEndpoints
{
    public static void MapAccounts(this IEndpointRouteBuilder app)
    {
        app.MapPost("/api/login", (LoginRequest request, HttpContext context, LoginService login) =>
            login.WithPassword(context, request) ?? Results.NoContent()).AllowAnonymous();
        app.MapPost("/api/login/link", (LoginLinkRequest request, HttpContext context, LoginService login) =>
            login.WithLink(context, request) ?? Results.NoContent()).AllowAnonymous();
        app.MapPost("/api/logout", (HttpContext context, LoginService login) =>
        {
            login.SignOut(context);
            return Results.NoContent();
        }).AllowAnonymous();

        app.MapPost("/api/login/links", NewLoginLink).RequireAuthorization(HubAuthentication.AdminPolicy);
        app.MapGet("/api/account", (HttpContext context) => Results.Json(Describe(context), HubJson.Default.AccountResponse)).RequireAuthorization(HubAuthentication.PersonPolicy);
        app.MapGet("/api/audit", (int? count, long? before, AuditLog audit) =>
            Results.Json(audit.Read(count ?? 100, before ?? long.MaxValue), HubJson.Default.IReadOnlyListAuditEntry)).RequireAuthorization(HubAuthentication.AdminPolicy);
        MapSessions(app);
        MapTokens(app);
    }

    private static void MapSessions(IEndpointRouteBuilder app)
    {
        app.MapGet("/api/sessions", (HttpContext context, SessionStore sessions) =>
            Results.Json(sessions.List(Account(context).Id), HubJson.Default.IReadOnlyListSessionInfo)).RequireAuthorization(HubAuthentication.PersonPolicy);
        app.MapDelete("/api/sessions/{id}", (string id, HttpContext context, SessionStore sessions, AuditLog audit) =>
            Audited(sessions.Revoke(Account(context).Id, id), context, audit, "session.revoked", id)).RequireAuthorization(HubAuthentication.AdminPolicy);
    }

    private static void MapTokens(IEndpointRouteBuilder app)
    {
        app.MapGet("/api/tokens", (HttpContext context, ApiTokenStore tokens) =>
            Results.Json(tokens.List(Account(context).Id), HubJson.Default.IReadOnlyListApiToken)).RequireAuthorization(HubAuthentication.PersonPolicy);
        app.MapPost("/api/tokens", NewToken).RequireAuthorization(HubAuthentication.AdminPolicy);
        app.MapDelete("/api/tokens/{id}", (string id, HttpContext context, ApiTokenStore tokens, AuditLog audit) =>
            Audited(tokens.Revoke(Account(context).Id, id), context, audit, "token.revoked", id)).RequireAuthorization(HubAuthentication.AdminPolicy);
    }

    private static IResult NewLoginLink(HttpContext context, LocalOperator local, HubNames names, AuditLog audit, TimeProvider time)
    {
        audit.Write(Account(context).Name, "login-link.created", Account(context).Name, HubLimits.AddressKey(context));
        var url = new Uri(names.OwnOrigin(context), "/login#" + local.NewLoginToken());
        return Results.Json(new LoginLinkResponse(url.ToString(), time.GetUtcNow() + LoginLinks.Life), HubJson.Default.LoginLinkResponse);
    }

    private static IResult NewToken(ApiTokenRequest request, HttpContext context, ApiTokenStore tokens, AuditLog audit, TimeProvider time)
    {
        var scopes = ApiTokenStore.FromText(request.Scopes ?? "");
        if (request.Name is not { Length: > 0 and <= 64 } || scopes == Scopes.None || request.Days is < 1 or > 3650)
        {
            return HubProblem.Result(HubProblemCode.BadRequest, "A token needs a name (64 characters at most), scopes out of read,run,expose,admin, and days from 1 to 3650 unless it never expires.");
        }

        var expires = request.Days is { } days ? time.GetUtcNow() + TimeSpan.FromDays(days) : (DateTimeOffset?)null;
        var (token, secret) = tokens.Create(Account(context).Id, request.Name, scopes, expires);
        audit.Write(Account(context).Name, "token.created", token.Id, HubLimits.AddressKey(context), token.Scopes);
        return Results.Json(new ApiTokenResponse(token, secret), HubJson.Default.ApiTokenResponse);
    }

    private static IResult Audited(bool done, HttpContext context, AuditLog audit, string action, string subject)
    {
        if (!done)
        {
            return HubProblem.Result(HubProblemCode.NotFound);
        }

        audit.Write(Account(context).Name, action, subject, HubLimits.AddressKey(context));
        return Results.NoContent();
    }

    private static Account Account(HttpContext context) => HubPrincipal.Of(context.User).Account!;

    private static AccountResponse Describe(HttpContext context) => new(Account(context).Id, Account(context).Name, Account(context).Role);
}
