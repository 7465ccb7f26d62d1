namespace Bowline.Bench.Load.Scenarios;

/// <summary>Who is compared.</summary>
internal static class Sides
{
    public const string Libnats = "libnats (C)";
    public const string BowlineNats = "Bowline.Nats";
    public const string Direct = "direct Kestrel";
    public const string Ssh = "ssh -R";
    public const string RawNats = "raw NATS request";
    public const string Tunnel = "Bowline tunnel";
    public const string Node = "bowline node run";
    public const string Up = "bowline up";
    public const string Relay = "bowline relay";
    public const string RelayBefore = "bowline relay, before";
    public const string RelaySearch = "bowline relay --search";
    public const string Strfry = "strfry";
    public const string VerifyFloor = "verify only (floor)";
    public const string WebRtc = "Bowline.WebRtc";
    public const string NodeDataChannel = "node-datachannel";
    public const string TunnelWebSocket = "Bowline tunnel, WebSocket";
}

/// <summary>Names of the NATS figures.</summary>
internal static class Figures
{
    public static string Publish(int size) => $"nats publish {(size < 1024 ? $"{size} B" : $"{size >> 10} KiB")}";

    public static string Request(int concurrency) => $"nats request c={concurrency}";

    public static string JetStream(int window) => $"nats JetStream publish 256 B, {window} in flight";
}
