namespace Bowline.Nats;

/// <summary>When TLS is used on a TCP connection.</summary>
public enum NatsTlsMode
{
    /// <summary>With <c>tls://</c> addresses, and when the server requires it.</summary>
    Auto,

    /// <summary>Always; a server that does not offer it is refused.</summary>
    Require,

    /// <summary>Before the server says anything (its <c>handshake_first</c>).</summary>
    Implicit,

    /// <summary>Never; a server that requires it is refused.</summary>
    Disable,
}
