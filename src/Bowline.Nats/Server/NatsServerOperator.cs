namespace Bowline.Nats.Server;

/// <summary>Operator mode: who may sign accounts, and the accounts known from the start.</summary>
/// <param name="OperatorToken">The operator's token.</param>
/// <param name="SystemAccount">The system account (A...); its token is among <paramref name="Accounts"/>.</param>
/// <param name="Accounts">Account key to account token.</param>
public sealed record NatsServerOperator(string OperatorToken, string SystemAccount, IReadOnlyDictionary<string, string> Accounts)
{
    /// <summary>Where a full resolver keeps the account tokens; null for a resolver in memory, which forgets at a restart what was pushed.</summary>
    public string? ResolverDirectory { get; init; }
}
