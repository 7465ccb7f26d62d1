namespace Bowline.Relay;

/// <summary>Status codes of WebSocket closes (RFC 6455, section 7.4.1).</summary>
internal static class SocketStatus
{
    public const int Normal = 1000;
    public const int GoingAway = 1001;
    public const int ProtocolError = 1002;
    public const int PolicyViolation = 1008;
    public const int MessageTooBig = 1009;
}
