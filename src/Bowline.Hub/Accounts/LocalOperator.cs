using Bowline.Core.Files;

namespace Bowline.Hub.Accounts;

/// <summary>
/// The person who can read the hub's data folder is its operator: they get an API token in <c>cli.token</c> (0600) and
/// one-time login links.
/// </summary>
internal sealed class LocalOperator(HubOptions options, AccountStore accounts, ApiTokenStore tokens, LoginLinks links)
{
    /// <summary>The file with the token of this machine's CLI.</summary>
    public string TokenFile => Path.Combine(options.DataFolder, "cli.token");

    /// <summary>Makes sure that the token file holds a working token.</summary>
    public void EnsureToken()
    {
        if (SecretFile.TryReadText(TokenFile, out var existing) && tokens.Find(existing.Trim()) is not null)
        {
            return;
        }

        var administrator = accounts.EnsureAdministrator();
        var (_, text) = tokens.Create(administrator.Id, "cli on this machine", Scopes.All, expiresAt: null);
        SecretFile.WriteText(TokenFile, text + "\n");
    }

    /// <summary>The token of a fresh one-time login link.</summary>
    public string NewLoginToken() => links.Create(accounts.EnsureAdministrator().Id);
}
