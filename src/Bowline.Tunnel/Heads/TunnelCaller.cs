namespace Bowline.Tunnel;

/// <summary>Who asks, as established by the carrier that authenticated them; never taken from a header.</summary>
/// <param name="Kind">"hub" or "account".</param>
/// <param name="Id">The hub's or the account's id.</param>
public sealed record TunnelCaller(string Kind, string Id)
{
    /// <summary>The kind of the hub's own principal.</summary>
    public const string HubKind = "hub";

    /// <summary>The kind of a person.</summary>
    public const string AccountKind = "account";

    /// <summary>The header in which a node tells the app who asks; stripped from every request on entry.</summary>
    public const string HeaderName = "Bowline-Caller";

    /// <summary>The hub itself.</summary>
    public static TunnelCaller Hub(string hubId) => new(HubKind, hubId);

    /// <summary>A person with an account at the hub.</summary>
    public static TunnelCaller Account(string accountId) => new(AccountKind, accountId);

    /// <summary>The text of the header, <c>kind:id</c>.</summary>
    public override string ToString() => $"{Kind}:{Id}";
}
