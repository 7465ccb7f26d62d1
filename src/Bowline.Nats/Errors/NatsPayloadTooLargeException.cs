namespace Bowline.Nats;

/// <summary>Headers and payload together exceed what the server of the current connection accepts. Nothing was sent.</summary>
/// <param name="size">Bytes of headers and payload.</param>
/// <param name="maxPayload">The server's limit in bytes.</param>
public sealed class NatsPayloadTooLargeException(long size, long maxPayload)
    : NatsException($"Message of {size} bytes (headers and payload) is over the server's limit of {maxPayload} bytes.")
{
    /// <summary>Bytes of headers and payload.</summary>
    public long Size { get; } = size;

    /// <summary>The server's limit in bytes.</summary>
    public long MaxPayload { get; } = maxPayload;
}
