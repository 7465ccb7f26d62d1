namespace Bowline.Hub.Accounts;

/// <summary>A person of this hub.</summary>
internal sealed record Account(string Id, string Name, AccountRole Role, bool HasPassword);
