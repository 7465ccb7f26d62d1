using System.Net.Security;

namespace Bowline.Tunnel;

/// <summary>How a <see cref="ForwardHandler"/> speaks to the local service.</summary>
public sealed class ForwardOptions
{
    /// <summary>The <c>Host</c> the service sees; null means the target's own host and port.</summary>
    /// <value>Null: development servers refuse names they do not know, and virtual hosts need their own.</value>
    public string? Host { get; init; }

    /// <summary>Hands the caller's own <c>Host</c> to the service instead.</summary>
    /// <value>False; see <see cref="Host"/>.</value>
    public bool KeepCallerHost { get; init; }

    /// <summary>The <c>host</c> in <c>Forwarded</c>; null means the caller's <c>Host</c>, when it sent one.</summary>
    /// <value>Null.</value>
    public string? PublicHost { get; init; }

    /// <summary>The <c>proto</c> in <c>Forwarded</c>; null leaves it out.</summary>
    /// <value>Null: only whoever ends the caller's connection knows it.</value>
    public string? PublicProto { get; init; }

    /// <summary>Keeps <c>Forwarded</c> and <c>X-Forwarded-*</c> as they arrive and appends to the former.</summary>
    /// <value>False: any caller can write them, and a service that trusts its loopback proxy would believe them.</value>
    public bool KeepForwarded { get; init; }

    /// <summary>Longest wait for a connection, TLS included.</summary>
    /// <value>5 s: a service on this machine or its network answers within milliseconds or not at all.</value>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest silence while waiting for the response head; each piece of the request body starts it anew.</summary>
    /// <value>10 min: local models think for minutes before their first byte, and the caller's own deadline cuts sooner.</value>
    public TimeSpan HeadTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Longest wait for <c>100 Continue</c> when the caller asked for it; then the body is sent anyway.</summary>
    /// <value>1 s, as RFC 9110 section 10.1.1 lets a client do and HTTP clients commonly choose.</value>
    public TimeSpan ContinueTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Speaks HTTP/2 to the service: over <c>http</c> by prior knowledge, over <c>https</c> as negotiated. Upgrades (WebSocket) stay in HTTP/1.1.</summary>
    /// <value>False: few local services speak it without TLS.</value>
    public bool Http2 { get; init; }

    /// <summary>How often a write that the service does not take looks whether the service has begun to answer instead. Seen twice in a row,
    /// each side waits for the other, and the exchange ends with <see cref="ForwardError.EarlyAnswer"/>. HTTP/1.1 only.</summary>
    /// <value>5 s, so 10 s in all: longer than any service that is merely busy holds back its reading and its answering both.</value>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long an idle connection to the service is kept.</summary>
    /// <value>30 s: below the idle limit of common servers (Kestrel 130 s, nginx 75 s, Apache 5 s is retried on a fresh one).</value>
    public TimeSpan IdleConnectionTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Most connections to the service at once; more exchanges wait.</summary>
    /// <value>1024: above the tunnel server's own concurrency limit, so it is only a backstop.</value>
    public int MaxConnections { get; init; } = 1024;

    /// <summary>Largest response head taken from the service, in bytes, rounded up to KiB.</summary>
    /// <value>64 KiB, the tunnel's own limit for a head.</value>
    public int MaxResponseHeadBytes { get; init; } = 64 * 1024;

    /// <summary>Decides about the certificate of an https target instead of the platform.</summary>
    /// <value>Null: the platform decides, by name and chain.</value>
    public RemoteCertificateValidationCallback? CertificateCheck { get; init; }

    /// <summary>Sees every exchange when it is over.</summary>
    /// <value>Null.</value>
    public IForwardObserver? Observer { get; init; }

    internal void Validate()
    {
        if (ConnectTimeout <= TimeSpan.Zero || HeadTimeout <= TimeSpan.Zero || ContinueTimeout <= TimeSpan.Zero || StallTimeout <= TimeSpan.Zero || IdleConnectionTimeout < TimeSpan.Zero)
        {
            throw new InvalidOperationException("The timeouts of ForwardOptions are above zero.");
        }

        if (MaxConnections < 1 || MaxResponseHeadBytes < 1024)
        {
            throw new InvalidOperationException("ForwardOptions.MaxConnections is at least 1, MaxResponseHeadBytes at least 1024.");
        }
    }
}
