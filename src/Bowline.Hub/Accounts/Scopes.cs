namespace Bowline.Hub.Accounts;

/// <summary>What an API token may do. A browser session has all scopes its account's role allows.</summary>
[Flags]
internal enum Scopes
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>See links, services and presence.</summary>
    Read = 1,

    /// <summary>Start runs and use services.</summary>
    Run = 2,

    /// <summary>Expose and unexpose services, enrol and revoke own devices.</summary>
    Expose = 4,

    /// <summary>Everything the account's role allows.</summary>
    Admin = 8,

    /// <summary>All of them.</summary>
    All = Read | Run | Expose | Admin,
}
