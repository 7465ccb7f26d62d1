namespace Bowline.Tunnel;

/// <summary>How a <see cref="ForwardHandler"/> behaves.</summary>
public sealed class ForwardOptions
{
    /// <summary>How long the local service may take to accept a connection.</summary>
    /// <value>5 s: it is on this machine or near it.</value>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Called at the end of every exchange, for <c>--inspect</c>. Must not throw.</summary>
    public Action<ForwardRecord>? Inspect { get; init; }

    /// <summary>Accepts any certificate of a local https service.</summary>
    /// <value>False: a certificate that does not match is a 502 of its own type.</value>
    public bool AllowAnyCertificate { get; init; }
}
