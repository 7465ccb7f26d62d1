namespace Bowline.Tunnel;

/// <summary>How an ASP.NET Core app sees the exchanges it serves.</summary>
public sealed class TunnelAppOptions
{
    /// <summary>The scheme of its requests.</summary>
    /// <value>http: only whoever ends the caller's connection knows the real one; middleware for forwarded headers can say it.</value>
    public string Scheme { get; set; } = "http";

    /// <summary>Largest request body in bytes, null for none; an app may change it per request.</summary>
    /// <value>Null: bodies stream under the tunnel's credit, so their size costs no memory until the app gathers them.</value>
    public long? MaxRequestBodySize { get; set; }

    /// <summary>Request objects kept for reuse.</summary>
    /// <value>256: about the concurrency at which allocation would show; each holds a few KiB.</value>
    public int MaxPooledRequests { get; set; } = 256;
}
