using System.Text.Encodings.Web;
using Bowline.Hub.Devices;
using Bowline.Hub.Problems;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Bowline.Hub.Accounts;

/// <summary>
/// Finds out who calls: <c>Bearer bwl_...</c> is an API token, any other bearer a device token, and without one the session
/// cookie counts. A bad Authorization header is never rescued by a cookie.
/// </summary>
internal sealed class HubAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder,
    SessionStore sessions,
    ApiTokenStore tokens,
    DeviceAuthenticator devices) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "bowline";

    /// <summary>A person with a session or a token that may read.</summary>
    public const string PersonPolicy = "person";

    /// <summary>A person whose credential may change devices and services.</summary>
    public const string OperatePolicy = "operate";

    /// <summary>An administrator.</summary>
    public const string AdminPolicy = "admin";

    /// <summary>A device.</summary>
    public const string DevicePolicy = "device";

    private const string Bearer = "Bearer ";
    private HubProblemCode _refusal = HubProblemCode.Unauthenticated;

    public static void AddPolicies(AuthorizationOptions options)
    {
        options.AddPolicy(PersonPolicy, p => p.RequireAssertion(c => HubPrincipal.TryOf(c.User)?.Allows(Scopes.Read) == true));
        options.AddPolicy(OperatePolicy, p => p.RequireAssertion(c => HubPrincipal.TryOf(c.User)?.Allows(Scopes.Expose) == true));
        options.AddPolicy(AdminPolicy, p => p.RequireAssertion(c => HubPrincipal.TryOf(c.User)?.IsAdministrator == true));
        options.AddPolicy(DevicePolicy, p => p.RequireAssertion(c => HubPrincipal.TryOf(c.User)?.Device is not null));

        options.AddPolicy(Content.ContentEndpoints.TokenPolicy, p => p.RequireAssertion(c => HubPrincipal.TryOf(c.User) is { TokenId: not null } token && token.Allows(Scopes.Run)));

        // A route that says nothing about access is closed.
        options.FallbackPolicy = options.GetPolicy(AdminPolicy);
    }

    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(Authenticate());

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (_refusal.Status == StatusCodes.Status401Unauthorized)
        {
            Response.Headers.WWWAuthenticate = "Bearer";
        }

        return HubProblem.WriteAsync(Context, _refusal);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => HubProblem.WriteAsync(Context, HubProblemCode.Forbidden);

    private AuthenticateResult Authenticate()
    {
        var authorization = Request.Headers.Authorization;
        if (authorization.Count > 1)
        {
            return Refuse(HubProblemCode.TokenInvalid);
        }

        if (authorization.Count == 1)
        {
            var value = authorization[0] ?? "";
            return value.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? FromBearer(value[Bearer.Length..].Trim()) : Refuse(HubProblemCode.TokenInvalid);
        }

        return Request.Cookies.TryGetValue(SessionCookie.Name, out var cookie) ? FromCookie(cookie) : AuthenticateResult.NoResult();
    }

    private AuthenticateResult FromBearer(string token)
    {
        if (token.StartsWith(ApiTokenStore.Prefix, StringComparison.Ordinal))
        {
            return tokens.Find(token) is { } found
                ? Accept(new HubPrincipal { Account = found.Account, Scopes = found.Scopes, TokenId = found.TokenId })
                : Refuse(HubProblemCode.TokenInvalid);
        }

        var (device, refusal) = devices.Authenticate(token, Context);
        return device is { } id ? Accept(new HubPrincipal { Device = id }) : Refuse(refusal!);
    }

    private AuthenticateResult FromCookie(string cookie) => sessions.Find(cookie) is { } found
        ? Accept(new HubPrincipal { Account = found.Account, Scopes = Scopes.All, SessionId = found.SessionId })
        : Refuse(HubProblemCode.Unauthenticated);

    private static AuthenticateResult Accept(HubPrincipal principal) =>
        AuthenticateResult.Success(new AuthenticationTicket(principal.ToClaims(SchemeName), SchemeName));

    private AuthenticateResult Refuse(HubProblemCode code)
    {
        _refusal = code;
        Telemetry.CredentialsRefused.Add(1, new KeyValuePair<string, object?>("code", code.Code));
        return AuthenticateResult.Fail(code.Title);
    }
}
