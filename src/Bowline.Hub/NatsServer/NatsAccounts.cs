using Bowline.Nats.Jwt;
using Bowline.Nats.Server;

namespace Bowline.Hub.NatsServer;

/// <summary>The tokens of the embedded server: an operator and three accounts.</summary>
internal static class NatsAccounts
{
    /// <summary>Everything the server preloads.</summary>
    /// <param name="keys">Whose accounts.</param>
    /// <param name="revocations">User keys of the link account to refuse, with the unix second up to which.</param>
    /// <param name="time">The clock of the tokens' issue time.</param>
    public static NatsServerOperator Build(NatsKeyRing keys, IReadOnlyDictionary<string, long> revocations, TimeProvider time)
    {
        var claims = new OperatorClaims { Name = "bowline", Subject = keys.Operator.PublicKey, Operator = new OperatorData { SystemAccount = keys.System.PublicKey } };
        var hub = new AccountData { Limits = new AccountLimits { MemoryStorage = -1, DiskStorage = -1 } };
        return new NatsServerOperator(NatsJwt.Encode(claims, keys.Operator, time), keys.System.PublicKey, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [keys.System.PublicKey] = Account("system", keys.System.PublicKey, new AccountData(), keys, time),
            [keys.Hub.PublicKey] = Account("hub", keys.Hub.PublicKey, hub, keys, time),
            [keys.Link.PublicKey] = LinkAccountToken(keys, revocations, time),
        });
    }

    /// <summary>The link account's token: no JetStream, one signing key, and the revoked users.</summary>
    public static string LinkAccountToken(NatsKeyRing keys, IReadOnlyDictionary<string, long> revocations, TimeProvider time) => Account(
        "links",
        keys.Link.PublicKey,
        new AccountData
        {
            SigningKeys = [new AccountSigningKey(keys.LinkSigning.PublicKey)],
            Revocations = revocations.Count == 0 ? null : revocations,
        },
        keys,
        time);

    private static string Account(string name, string key, AccountData data, NatsKeyRing keys, TimeProvider time) =>
        NatsJwt.Encode(new AccountClaims { Name = name, Subject = key, Account = data }, keys.Operator, time);
}
