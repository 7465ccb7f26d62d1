namespace Bowline.Tunnel;

/// <summary>What an OPEN frame says (docs/protocol/tunnel.md section 4.1).</summary>
internal sealed class RequestHead
{
    public string Method { get; set; } = "GET";

    /// <summary>Path and query as the caller wrote them, never normalised.</summary>
    public string Path { get; set; } = "/";

    public string Service { get; set; } = TunnelTarget.DefaultService;

    public string CallerKind { get; set; } = "";

    public string CallerId { get; set; } = "";

    /// <summary>The protocol the caller wants to change to, or empty.</summary>
    public string Upgrade { get; set; } = "";

    public bool ExpectContinue { get; set; }

    public long SentUnixMs { get; set; }

    public uint AgeLimitMs { get; set; }

    /// <summary>Milliseconds the caller still waits for the whole exchange; 0 = no deadline.</summary>
    public uint DeadlineMs { get; set; }

    /// <summary>Body bytes, or -1 when unknown.</summary>
    public long ContentLength { get; set; } = -1;

    public TunnelHeaders Headers { get; } = [];
}

/// <summary>What a HEAD frame says.</summary>
internal sealed class ResponseHead
{
    public int Status { get; set; } = 200;

    public string Upgrade { get; set; } = "";

    public long ContentLength { get; set; } = -1;

    public TunnelHeaders Headers { get; } = [];
}
