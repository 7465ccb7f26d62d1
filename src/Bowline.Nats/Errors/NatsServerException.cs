namespace Bowline.Nats;

/// <summary>The server answered with <c>-ERR</c>.</summary>
public class NatsServerException : NatsException
{
    /// <summary>Creates the exception from the text between the quotes of <c>-ERR</c>.</summary>
    public NatsServerException(string error)
        : base($"Server error: {error}") => Error = error;

    /// <summary>The server's own words.</summary>
    public string Error { get; }

    /// <summary>The credentials were refused, ran out or were revoked.</summary>
    public bool IsAuthError =>
        Error.Contains("authorization violation", StringComparison.OrdinalIgnoreCase)
        || Error.Contains("authentication", StringComparison.OrdinalIgnoreCase);

    /// <summary>The credentials ran out while the connection was open: new ones will do.</summary>
    public bool IsAuthExpired => Error.Contains("authentication expired", StringComparison.OrdinalIgnoreCase);

    /// <summary>The credentials were revoked while the connection was open.</summary>
    public bool IsAuthRevoked => Error.Contains("authentication revoked", StringComparison.OrdinalIgnoreCase);
}
