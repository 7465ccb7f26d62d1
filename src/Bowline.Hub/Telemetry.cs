using System.Diagnostics.Metrics;

namespace Bowline.Hub;

/// <summary>What the hub counts.</summary>
internal static class Telemetry
{
    /// <summary>The meter's name.</summary>
    public const string Name = "Bowline.Hub";

    private static readonly Meter Meter = new(Name);

    /// <summary>Logins that were refused.</summary>
    public static readonly Counter<long> LoginsRefused = Meter.CreateCounter<long>("bowline.hub.logins.refused", "{login}", "Logins that were refused.");

    /// <summary>Requests refused for their credential, by code.</summary>
    public static readonly Counter<long> CredentialsRefused = Meter.CreateCounter<long>("bowline.hub.credentials.refused", "{request}", "Requests refused for their credential, by code.");

    /// <summary>Link sessions handed out.</summary>
    public static readonly Counter<long> LinkSessions = Meter.CreateCounter<long>("bowline.hub.link_sessions", "{session}", "Link sessions handed out.");

    /// <summary>Bridged connections that are open.</summary>
    public static readonly UpDownCounter<long> Bridges = Meter.CreateUpDownCounter<long>("bowline.hub.bridges", "{connection}", "Bridged connections that are open.");

    /// <summary>Times the embedded nats-server ended by itself.</summary>
    public static readonly Counter<long> NatsCrashes = Meter.CreateCounter<long>("bowline.hub.nats.crashes", "{crash}", "Times the embedded nats-server ended by itself.");
}
