namespace Bowline.Tunnel;

/// <summary>How an ASP.NET Core app sees the exchanges it serves.</summary>
public sealed class TunnelAppOptions
{
    /// <summary>The service name under which a <see cref="TunnelServer"/> serves the app.</summary>
    /// <value><see cref="TunnelTarget.DefaultService"/>: reached by the bare name of the node.</value>
    public string Service { get; set; } = TunnelTarget.DefaultService;

    /// <summary>Who may use it, besides what the app itself checks.</summary>
    /// <value>The owner alone.</value>
    public ServiceAccess Access { get; set; } = ServiceAccess.Owner;

    /// <summary>The scheme of its requests.</summary>
    /// <value>http: only whoever ends the caller's connection knows the real one; middleware for forwarded headers can say it.</value>
    public string Scheme { get; set; } = "http";

    /// <summary>Largest request body in bytes, null for none; an app may change it per request.</summary>
    /// <value>Null: bodies stream under the tunnel's credit, so their size costs no memory until the app gathers them.</value>
    public long? MaxRequestBodySize { get; set; }

    /// <summary>Request objects kept for reuse.</summary>
    /// <value>256: about the concurrency at which allocation would show; each holds a few KiB.</value>
    public int MaxPooledRequests { get; set; } = 256;

    internal void Validate()
    {
        if (!TunnelServices.IsName(Service))
        {
            throw new InvalidOperationException("TunnelAppOptions.Service is 1 to 63 of a-z, 0-9, '-' and '_'.");
        }

        if (Scheme is not ("http" or "https") || MaxRequestBodySize < 0 || MaxPooledRequests < 1)
        {
            throw new InvalidOperationException("TunnelAppOptions: Scheme is http or https, MaxRequestBodySize is not negative, MaxPooledRequests is at least 1.");
        }
    }
}
