using Bowline.Core.Health;

namespace Bowline.Node.Link;

/// <summary>The troubles of a link.</summary>
internal static class LinkHealth
{
    // 3 s: a restart of the hub or of nats-server on a quick machine is over by then.
    private static readonly TimeSpan Blip = TimeSpan.FromSeconds(3);

    public static readonly HealthCode HubUnreachable = new("hub-unreachable", "The hub does not answer", HealthSeverity.Error, Blip);

    public static readonly HealthCode HubUnavailable = new("hub-unavailable", "The hub grants no link session", HealthSeverity.Error, Blip);

    public static readonly HealthCode Revoked = new("device-revoked", "The hub does not know this device", HealthSeverity.Error, TimeSpan.Zero);

    public static readonly HealthCode NatsUnreachable = new("nats-unreachable", "NATS cannot be reached", HealthSeverity.Error, Blip);

    public static readonly HealthCode CredentialsRefused = new("credentials-refused", "NATS refused the session", HealthSeverity.Error, Blip);

    public static readonly IReadOnlyList<HealthCode> All = [HubUnreachable, HubUnavailable, Revoked, NatsUnreachable, CredentialsRefused];

    public static (HealthCode Code, string? Command) Of(NodeError fault) => fault switch
    {
        NodeError.HubUnreachable => (HubUnreachable, "bowline doctor"),
        NodeError.DeviceUnknown => (Revoked, "bowline node join HUB_URL"),
        NodeError.NatsUnreachable => (NatsUnreachable, "bowline doctor"),
        NodeError.CredentialsRefused => (CredentialsRefused, "bowline doctor"),
        _ => (HubUnavailable, "bowline doctor"),
    };
}
