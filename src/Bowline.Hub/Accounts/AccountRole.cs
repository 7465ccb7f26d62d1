namespace Bowline.Hub.Accounts;

/// <summary>What an account may administer.</summary>
internal enum AccountRole
{
    /// <summary>Own devices and services only.</summary>
    Member,

    /// <summary>People, limits and the audit log as well.</summary>
    Admin,
}
