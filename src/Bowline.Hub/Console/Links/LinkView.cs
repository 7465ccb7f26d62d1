namespace Bowline.Hub.Console.Links;

/// <summary>A link as the console shows it.</summary>
/// <param name="DeviceId">The device id.</param>
/// <param name="Name">The name the hub gave it (its slug).</param>
/// <param name="MachineName">What the machine calls itself.</param>
/// <param name="Version">The version of bowline it runs.</param>
/// <param name="State">online, offline or unknown.</param>
/// <param name="Since">When the state began.</param>
/// <param name="ProofMethod">How the state was proved last, in words.</param>
/// <param name="ProofAt">When it was proved.</param>
/// <param name="RoundTripMs">The last measured round trip in milliseconds.</param>
/// <param name="RoundTripAt">When it was measured.</param>
/// <param name="Services">What it exposes.</param>
public sealed record LinkView(
    string DeviceId,
    string Name,
    string MachineName,
    string Version,
    string State,
    DateTimeOffset Since,
    string? ProofMethod,
    DateTimeOffset? ProofAt,
    double? RoundTripMs,
    DateTimeOffset? RoundTripAt,
    IReadOnlyList<ServiceView> Services)
{
    /// <summary>How soon a revocation is effective where the node is connected to NATS directly; null when it is at once.</summary>
    public string? RevocationTerm { get; init; }
}

/// <summary>A service of a link, with the address a browser opens.</summary>
/// <param name="Name">The service's name.</param>
/// <param name="Url">Its address on the origin of exposed content.</param>
public sealed record ServiceView(string Name, string Url);

/// <summary>An invitation code just made; it is shown once.</summary>
/// <param name="Code">What the person enters on the machine.</param>
/// <param name="ExpiresAt">When it stops working.</param>
public sealed record InviteView(string Code, DateTimeOffset ExpiresAt);

/// <summary>What the links page shows.</summary>
/// <param name="HubName">The hub's name.</param>
/// <param name="HubUrl">The address machines join.</param>
/// <param name="Account">Who is signed in.</param>
/// <param name="Links">The person's links.</param>
/// <param name="Invite">A code just made, when the page was reached without script.</param>
public sealed record LinksPageModel(string HubName, string HubUrl, string Account, IReadOnlyList<LinkView> Links, InviteView? Invite = null)
{
    /// <summary>What to say about what was just done; null for nothing.</summary>
    public string? Notice { get; init; }
}
