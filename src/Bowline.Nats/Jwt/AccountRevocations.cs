using System.Text.Json.Nodes;
using Bowline.Nats.NKeys;

namespace Bowline.Nats.Jwt;

/// <summary>
/// Changes the revoked users in an account token that somebody else made: everything else in it (exports, imports, limits,
/// default permissions, what a later server adds) is kept as it is, known to this library or not.
/// </summary>
public static class AccountRevocations
{
    private const string List = "revocations";

    /// <summary>The token with these users revoked, signed anew; null when it says so already.</summary>
    /// <param name="token">The account's token. Its signature is verified; whether its issuer is trusted is for the caller to check.</param>
    /// <param name="revoked">User key to the unix second up to which its tokens are refused; a later one in the token is kept.</param>
    /// <param name="ended">User keys whose revocation is no longer needed, because no token of theirs is alive.</param>
    /// <param name="signer">The operator's key or a signing key of it.</param>
    /// <param name="time">The clock of the issue time.</param>
    /// <exception cref="FormatException">The token is malformed, not about an account, or its signature is wrong.</exception>
    /// <exception cref="ArgumentException">The signer is no operator key.</exception>
    public static string? Merge(string token, IReadOnlyDictionary<string, long> revoked, IReadOnlyCollection<string> ended, NKeyPair signer, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(revoked);
        ArgumentNullException.ThrowIfNull(ended);
        ArgumentNullException.ThrowIfNull(signer);
        ArgumentNullException.ThrowIfNull(time);
        if (signer.Type != NKeyType.Operator)
        {
            throw new ArgumentException($"Claims about a NATS Account are signed by a NATS Operator, not by a {signer.Type}.", nameof(signer));
        }

        var issued = NatsJwt.DecodeAccount(token).IssuedAt;
        if (!JwtCodec.TryOpen(token, out var json, out var error))
        {
            throw new FormatException(error);
        }

        var claims = JsonNode.Parse(json)!.AsObject();
        var data = claims["nats"]!.AsObject();
        var list = data[List] as JsonObject ?? [];
        if (!Change(list, revoked, ended))
        {
            return null;
        }

        if (list.Parent is null)
        {
            data[List] = list;
        }

        claims.Remove("jti");
        claims["iss"] = signer.PublicKey;

        // Servers of a cluster keep the newer of two tokens, so this one must be newer than what it replaces, whatever the clocks say.
        claims["iat"] = Math.Max(time.GetUtcNow().ToUnixTimeSeconds(), (issued?.ToUnixTimeSeconds() ?? 0) + 1);
        return JwtCodec.Seal(claims, JwtJson.Context.JsonObject, WithId, signer);
    }

    private static bool Change(JsonObject list, IReadOnlyDictionary<string, long> revoked, IReadOnlyCollection<string> ended)
    {
        var changed = false;
        foreach (var key in ended)
        {
            changed |= list.Remove(key);
        }

        foreach (var (key, until) in revoked)
        {
            if (list[key] is not JsonValue present || !present.TryGetValue<long>(out var already) || already < until)
            {
                list[key] = until;
                changed = true;
            }
        }

        return changed;
    }

    private static JsonObject WithId(JsonObject claims, string id)
    {
        claims["jti"] = id;
        return claims;
    }
}
