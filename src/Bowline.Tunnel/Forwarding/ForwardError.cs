namespace Bowline.Tunnel;

/// <summary>Why a request could not be forwarded to the local service, by stage.</summary>
public enum ForwardError
{
    /// <summary>The exchange ended properly.</summary>
    None,

    /// <summary>Request: it holds something HTTP/1.1 cannot say to the service.</summary>
    RequestInvalid,

    /// <summary>Connect: the service's name is not known.</summary>
    NameUnknown,

    /// <summary>Connect: nothing listens there.</summary>
    Refused,

    /// <summary>Connect: no connection within <see cref="ForwardOptions.ConnectTimeout"/>.</summary>
    ConnectTimeout,

    /// <summary>Connect: the service's certificate is not trusted, or is for another name.</summary>
    CertificateRejected,

    /// <summary>Connect: TLS failed for another reason.</summary>
    TlsFailed,

    /// <summary>Request: its body could not be read to its end.</summary>
    RequestBodyFailed,

    /// <summary>Response: no head within <see cref="ForwardOptions.HeadTimeout"/>.</summary>
    HeadTimeout,

    /// <summary>Request: the service answers before it has read the request and waits for its answer to be read, which HTTP/1.1 as spoken here does not do.</summary>
    EarlyAnswer,

    /// <summary>Response: the connection ended before the head.</summary>
    ConnectionLost,

    /// <summary>Response: what came is not HTTP.</summary>
    ResponseInvalid,

    /// <summary>Response: its head is over <see cref="ForwardOptions.MaxResponseHeadBytes"/>.</summary>
    ResponseHeadTooLarge,

    /// <summary>Response: the service changed to another protocol than it was asked for.</summary>
    UpgradeInvalid,

    /// <summary>Response body: the connection ended before the body did. The caller sees an abort, never a short body.</summary>
    ResponseBodyFailed,

    /// <summary>Any stage: the caller gave up.</summary>
    CallerGone,
}
