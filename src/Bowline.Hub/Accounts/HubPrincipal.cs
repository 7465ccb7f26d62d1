using System.Security.Claims;
using Bowline.Core.Identity;

namespace Bowline.Hub.Accounts;

/// <summary>Who makes a request: a person (by session or API token) or a device (by a token it signed).</summary>
internal sealed record HubPrincipal
{
    private const string PrincipalClaim = "bowline";

    public Account? Account { get; init; }

    public Scopes Scopes { get; init; }

    /// <summary>The browser session, when the person came by cookie.</summary>
    public string? SessionId { get; init; }

    /// <summary>The API token, when the person came by one.</summary>
    public string? TokenId { get; init; }

    public DeviceId? Device { get; init; }

    /// <summary>For the audit log.</summary>
    public string Actor => Account is not null ? Account.Name : "device:" + Device;

    /// <summary>Whose bucket its requests are counted in.</summary>
    public string LimitKey => Account is not null ? "account:" + Account.Id : "device:" + Device;

    public bool Allows(Scopes needed) => Account is not null && (Scopes.HasFlag(Scopes.Admin) || Scopes.HasFlag(needed));

    public bool IsAdministrator => Account?.Role == AccountRole.Admin && Scopes.HasFlag(Scopes.Admin);

    public ClaimsPrincipal ToClaims(string scheme) =>
        new(new HubIdentity(this, [new Claim(PrincipalClaim, Account?.Id ?? Device.ToString()!)], scheme));

    /// <summary>The caller of an authenticated request.</summary>
    /// <exception cref="InvalidOperationException">The request is not authenticated; the endpoint lacks its policy.</exception>
    public static HubPrincipal Of(ClaimsPrincipal user) => TryOf(user) ?? throw new InvalidOperationException("The endpoint was reached without authentication.");

    public static HubPrincipal? TryOf(ClaimsPrincipal user) => (user.Identity as HubIdentity)?.Principal;

    private sealed class HubIdentity(HubPrincipal principal, IEnumerable<Claim> claims, string scheme) : ClaimsIdentity(claims, scheme)
    {
        public HubPrincipal Principal { get; } = principal;
    }
}
