using Bowline.Nats.Jwt;
using Bowline.Nats.NKeys;
using Bowline.Nats.Server;

namespace Bowline.Testing.NatsServers;

/// <summary>
/// A generated operator with a system account, a hub account with JetStream, and a links account without it whose
/// users are signed by a separate signing key: the accounts of a hub's embedded server.
/// </summary>
public sealed class NatsTestOperator : IDisposable
{
    private readonly TimeProvider _time;

    internal NatsTestOperator(TimeProvider time) => _time = time;

    /// <summary>The operator's key.</summary>
    public NKeyPair OperatorKey { get; } = NKeyPair.Create(NKeyType.Operator);

    /// <summary>A signing key of the operator.</summary>
    public NKeyPair OperatorSigningKey { get; } = NKeyPair.Create(NKeyType.Operator);

    /// <summary>The system account's key.</summary>
    public NKeyPair SystemAccount { get; } = NKeyPair.Create(NKeyType.Account);

    /// <summary>The key of the hub's account, which has JetStream.</summary>
    public NKeyPair HubAccount { get; } = NKeyPair.Create(NKeyType.Account);

    /// <summary>The key of the links' account, which has no JetStream.</summary>
    public NKeyPair LinksAccount { get; } = NKeyPair.Create(NKeyType.Account);

    /// <summary>The signing key of the links' account.</summary>
    public NKeyPair LinksSigningKey { get; } = NKeyPair.Create(NKeyType.Account);

    /// <summary>Credentials of a user of the hub's account, with all rights unless told otherwise.</summary>
    public NatsCreds HubCreds(UserData? rights = null) => Mint(HubAccount, "hub", rights ?? new UserData(), null);

    /// <summary>Credentials of a user of the system account.</summary>
    public NatsCreds SystemCreds() => Mint(SystemAccount, "system", new UserData(), null);

    /// <summary>Credentials of a user of the links' account, signed by its signing key.</summary>
    /// <param name="rights">Its permissions and limits; null for all rights.</param>
    /// <param name="expires">When they end; null for never.</param>
    public NatsCreds LinkCreds(UserData? rights = null, DateTimeOffset? expires = null) =>
        Mint(LinksSigningKey, "link", (rights ?? new UserData()) with { IssuerAccount = LinksAccount.PublicKey }, expires);

    /// <summary>The token of the links' account with these revocations, to be pushed to the running server.</summary>
    public string LinksAccountToken(IReadOnlyDictionary<string, long>? revocations = null) => Account(LinksAccount, "links", new AccountData
    {
        SigningKeys = [new AccountSigningKey(LinksSigningKey.PublicKey)],
        Revocations = revocations,
    });

    /// <inheritdoc/>
    public void Dispose()
    {
        OperatorKey.Dispose();
        OperatorSigningKey.Dispose();
        SystemAccount.Dispose();
        HubAccount.Dispose();
        LinksAccount.Dispose();
        LinksSigningKey.Dispose();
    }

    internal NatsServerOperator ToConfig(string? resolverDirectory)
    {
        var claims = new OperatorClaims { Subject = OperatorKey.PublicKey, Name = "test", Operator = new OperatorData { SystemAccount = SystemAccount.PublicKey, SigningKeys = [OperatorSigningKey.PublicKey] } };
        var hub = new AccountData { Limits = new AccountLimits { MemoryStorage = -1, DiskStorage = -1 } };
        var accounts = new Dictionary<string, string>
        {
            [SystemAccount.PublicKey] = Account(SystemAccount, "system", new AccountData()),
            [HubAccount.PublicKey] = Account(HubAccount, "hub", hub),
            [LinksAccount.PublicKey] = LinksAccountToken(),
        };
        return new NatsServerOperator(NatsJwt.Encode(claims, OperatorKey, _time), SystemAccount.PublicKey, accounts) { ResolverDirectory = resolverDirectory };
    }

    private string Account(NKeyPair account, string name, AccountData data) =>
        NatsJwt.Encode(new AccountClaims { Subject = account.PublicKey, Name = name, Account = data }, OperatorKey, _time);

    private NatsCreds Mint(NKeyPair signer, string name, UserData rights, DateTimeOffset? expires)
    {
        using var user = NKeyPair.Create(NKeyType.User);
        var claims = new UserClaims { Subject = user.PublicKey, Name = name, Expires = expires, User = rights };
        return new NatsCreds(NatsJwt.Encode(claims, signer, _time), user.Seed);
    }
}
