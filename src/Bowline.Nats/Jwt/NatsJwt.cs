using System.Text.Json.Serialization.Metadata;
using Bowline.Nats.NKeys;

namespace Bowline.Nats.Jwt;

/// <summary>Makes and reads NATS tokens (JWT, algorithm <c>ed25519-nkey</c>, claims version 2).</summary>
public static class NatsJwt
{
    /// <summary>Encodes and signs an operator's token; the operator's own key or one of its signing keys signs.</summary>
    /// <exception cref="ArgumentException">The subject or the signer is not an operator key.</exception>
    public static string Encode(OperatorClaims claims, NKeyPair signer, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(claims);
        Require(claims, NKeyType.Operator, signer, NKeyType.Operator);
        return JwtCodec.Seal(
            claims with
            {
                Id = null,
                Issuer = signer.PublicKey,
                IssuedAt = Now(time),
                Operator = (claims.Operator ?? new()) with { Type = "operator", Version = 2 },
            },
            JwtJson.Context.OperatorClaims,
            static (c, id) => c with { Id = id },
            signer);
    }

    /// <summary>Encodes and signs an account's token; missing limits are written as unlimited, and JetStream as off.</summary>
    /// <exception cref="ArgumentException">The subject is no account key or the signer no operator key.</exception>
    public static string Encode(AccountClaims claims, NKeyPair signer, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(claims);
        Require(claims, NKeyType.Account, signer, NKeyType.Operator);
        var data = claims.Account ?? new();
        return JwtCodec.Seal(
            claims with
            {
                Id = null,
                Issuer = signer.PublicKey,
                IssuedAt = Now(time),
                Account = data with { Type = "account", Version = 2, Limits = (data.Limits ?? new()).Filled() },
            },
            JwtJson.Context.AccountClaims,
            static (c, id) => c with { Id = id },
            signer);
    }

    /// <summary>Encodes and signs a user's token, by the account's own key or a signing key of it.</summary>
    /// <param name="claims">The claims; missing limits are written as unlimited.</param>
    /// <param name="signer">The account's key, or a signing key: then <see cref="UserData.IssuerAccount"/> must be set.</param>
    /// <param name="time">The clock of the issue time.</param>
    /// <exception cref="ArgumentException">A key is of the wrong type, or a scoped user has permissions of its own.</exception>
    public static string Encode(UserClaims claims, NKeyPair signer, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(claims);
        Require(claims, NKeyType.User, signer, NKeyType.Account);
        var data = claims.User ?? new();
        if (data.IssuerAccount is { } account && !NKeyPair.IsPublicKey(account, NKeyType.Account))
        {
            throw new ArgumentException("The issuer account is not an account key.", nameof(claims));
        }

        if (data.Scoped && data is not { Publish: null, Subscribe: null, Responses: null, Subscriptions: null, Data: null, Payload: null, BearerToken: null, AllowedConnectionTypes: null })
        {
            throw new ArgumentException("A scoped user takes everything from its signing key's template; it may carry no permission or limit of its own.", nameof(claims));
        }

        var filled = data.Scoped ? data : (UserData)data.Filled();
        return JwtCodec.Seal(
            claims with
            {
                Id = null,
                Issuer = signer.PublicKey,
                IssuedAt = Now(time),
                User = filled with { Type = "user", Version = 2 },
            },
            JwtJson.Context.UserClaims,
            static (c, id) => c with { Id = id },
            signer);
    }

    /// <summary>Reads an operator's token after verifying its signature and its keys' types. Times are for the caller to check.</summary>
    /// <exception cref="FormatException">The token is malformed, of another kind, or its signature is wrong.</exception>
    public static OperatorClaims DecodeOperator(string token) =>
        Decode(token, JwtJson.Context.OperatorClaims, NKeyType.Operator, NKeyType.Operator, static c => c.Operator is { Type: "operator", Version: 2 });

    /// <summary>Reads an account's token after verifying its signature and its keys' types. Whether the issuer is trusted is for the caller to check.</summary>
    /// <exception cref="FormatException">The token is malformed, of another kind, or its signature is wrong.</exception>
    public static AccountClaims DecodeAccount(string token) =>
        Decode(token, JwtJson.Context.AccountClaims, NKeyType.Account, NKeyType.Operator, static c => c.Account is { Type: "account", Version: 2 });

    /// <summary>Reads a user's token after verifying its signature and its keys' types. Whether the issuer is trusted is for the caller to check.</summary>
    /// <exception cref="FormatException">The token is malformed, of another kind, or its signature is wrong.</exception>
    public static UserClaims DecodeUser(string token) =>
        Decode(token, JwtJson.Context.UserClaims, NKeyType.User, NKeyType.Account, static c => c.User is { Type: "user", Version: 2 });

    /// <summary>True when the token is well formed and signed by the key it names as issuer. Says nothing about trust in that key.</summary>
    public static bool Verify(string token) => token is not null && JwtCodec.TryOpen(token, out _, out _);

    private static T Decode<T>(string token, JsonTypeInfo<T> type, NKeyType subject, NKeyType issuer, Func<T, bool> isKind)
        where T : NatsClaims
    {
        ArgumentNullException.ThrowIfNull(token);
        if (!JwtCodec.TryOpen(token, out var json, out var error) || !JwtCodec.TryRead(json, type, out var claims, out error))
        {
            throw new FormatException(error);
        }

        if (!isKind(claims) || !NKeyPair.IsPublicKey(claims.Subject, subject) || !NKeyPair.IsPublicKey(claims.Issuer, issuer))
        {
            throw new FormatException($"The token is not about a NATS {subject} (claims version 2) signed by a NATS {issuer}.");
        }

        return claims;
    }

    private static void Require(NatsClaims claims, NKeyType subject, NKeyPair signer, NKeyType issuer)
    {
        ArgumentNullException.ThrowIfNull(signer);
        if (!NKeyPair.IsPublicKey(claims.Subject, subject))
        {
            throw new ArgumentException($"The subject of the claims is not the public key of a NATS {subject}.", nameof(claims));
        }

        if (signer.Type != issuer)
        {
            throw new ArgumentException($"Claims about a NATS {subject} are signed by a NATS {issuer}, not by a {signer.Type}.", nameof(signer));
        }
    }

    private static DateTimeOffset Now(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        return time.GetUtcNow();
    }
}
