namespace Bowline.Hub.Accounts;

/// <summary>An API token as its owner sees it; the secret is shown once, when it is made.</summary>
internal sealed record ApiToken(string Id, string Name, string Scopes, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? LastUsedAt);
