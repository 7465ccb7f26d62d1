using Bowline.Nats.Jwt;

namespace Bowline.Nats;

/// <summary>The credentials of one connect.</summary>
public sealed record NatsAuthCred
{
    /// <summary>User name, with <see cref="Password"/>.</summary>
    public string? Username { get; init; }

    /// <summary>Password, with <see cref="Username"/>.</summary>
    public string? Password { get; init; }

    /// <summary>A shared token.</summary>
    public string? Token { get; init; }

    /// <summary>A user JWT; without <see cref="Seed"/> or <see cref="Signer"/> it must be a bearer JWT.</summary>
    public string? Jwt { get; init; }

    /// <summary>The user's nkey seed (SU...), which signs the server's nonce.</summary>
    public string? Seed { get; init; }

    /// <summary>Signs the server's nonce, for keys that do not leave their holder: takes the nonce, gives 64 bytes.</summary>
    public Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>? Signer { get; init; }

    /// <summary>A user JWT that needs no signature, or is signed with <paramref name="seed"/>.</summary>
    public static NatsAuthCred FromJwt(string jwt, string? seed = null) => new() { Jwt = jwt, Seed = seed };

    /// <summary>The token and key of a credentials text.</summary>
    public static NatsAuthCred FromCreds(NatsCreds creds)
    {
        ArgumentNullException.ThrowIfNull(creds);
        return new() { Jwt = creds.Jwt, Seed = creds.Seed };
    }

    /// <summary>A user JWT whose key signs elsewhere.</summary>
    public static NatsAuthCred FromJwt(string jwt, Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> signer) => new() { Jwt = jwt, Signer = signer };
}
