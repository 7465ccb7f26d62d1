namespace Bowline.Hub.Accounts;

/// <summary>A login with name and password.</summary>
internal sealed record LoginRequest(string? Name, string? Password);

/// <summary>A login with a one-time link; the password is for an account that has none yet.</summary>
internal sealed record LoginLinkRequest(string? Token, string? Password);

/// <summary>A fresh one-time login link.</summary>
internal sealed record LoginLinkResponse(string Url, DateTimeOffset ExpiresAt);

/// <summary>Who is signed in.</summary>
internal sealed record AccountResponse(string Id, string Name, AccountRole Role);

/// <summary>A wish for an API token; scopes as <c>read,run</c>.</summary>
internal sealed record ApiTokenRequest(string? Name, string? Scopes, int? Days);

/// <summary>A new token; <c>secret</c> is shown this once.</summary>
internal sealed record ApiTokenResponse(ApiToken Token, string Secret);
