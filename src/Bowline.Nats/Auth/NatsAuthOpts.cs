namespace Bowline.Nats;

/// <summary>Who we are. Only what is set is sent.</summary>
public sealed record NatsAuthOpts
{
    /// <summary>Nobody.</summary>
    public static readonly NatsAuthOpts Default = new();

    /// <summary>User name, with <see cref="Password"/>.</summary>
    public string? Username { get; init; }

    /// <summary>Password, with <see cref="Username"/>.</summary>
    public string? Password { get; init; }

    /// <summary>A shared token.</summary>
    public string? Token { get; init; }

    /// <summary>A user JWT. Without <see cref="Seed"/> it must be a bearer JWT.</summary>
    public string? Jwt { get; init; }

    /// <summary>The user's nkey seed (SU...), which signs the server's nonce.</summary>
    public string? Seed { get; init; }

    /// <summary>Asked at every connect; what it answers is used instead of everything above.</summary>
    public Func<Uri, CancellationToken, ValueTask<NatsAuthCred>>? AuthCredCallback { get; init; }

    internal async ValueTask<NatsAuthCred> GetAsync(Uri uri, CancellationToken cancellationToken) =>
        AuthCredCallback is null
            ? new NatsAuthCred { Username = Username, Password = Password, Token = Token, Jwt = Jwt, Seed = Seed }
            : await AuthCredCallback(uri, cancellationToken).ConfigureAwait(false);
}
