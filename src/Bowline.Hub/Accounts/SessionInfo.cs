namespace Bowline.Hub.Accounts;

/// <summary>A signed-in browser, as its owner sees it.</summary>
internal sealed record SessionInfo(string Id, DateTimeOffset CreatedAt, DateTimeOffset LastSeenAt, string Address, string UserAgent);
