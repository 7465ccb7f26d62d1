namespace Bowline.Nats.Jwt;

/// <summary>Kinds of connection a user token can be limited to.</summary>
public static class NatsConnectionType
{
    /// <summary>Plain or TLS client connections.</summary>
    public const string Standard = "STANDARD";

    /// <summary>Connections through the server's WebSocket listener.</summary>
    public const string WebSocket = "WEBSOCKET";

    /// <summary>Leaf nodes.</summary>
    public const string LeafNode = "LEAFNODE";

    /// <summary>MQTT clients.</summary>
    public const string Mqtt = "MQTT";
}
