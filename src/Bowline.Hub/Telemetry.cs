using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Bowline.Hub.Presence;

namespace Bowline.Hub;

/// <summary>Metrics of the hub, under the name <c>Bowline.Hub</c>.</summary>
internal static class Telemetry
{
    public const string Name = "Bowline.Hub";

    private static readonly Meter Meter = new(Name);
    private static readonly ConcurrentDictionary<PresenceService, bool> Sources = new();
    private static readonly Histogram<double> ProbeDuration = Meter.CreateHistogram<double>("bowline.hub.probe.duration", "s", "From the question to its outcome.");

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

    static Telemetry() => Meter.CreateObservableUpDownCounter("bowline.hub.links", Links, "{link}", "Enrolled links by what is known of them now.");

    public static void Add(PresenceService presence) => Sources[presence] = true;

    public static void Remove(PresenceService presence) => Sources.TryRemove(presence, out _);

    public static void Probed(TimeSpan took, ProbeOutcome outcome) =>
        ProbeDuration.Record(took.TotalSeconds, new KeyValuePair<string, object?>("outcome", NameOf(outcome)));

    private static IEnumerable<Measurement<int>> Links()
    {
        var states = Sources.Keys.SelectMany(s => s.States()).ToLookup(s => s);
        return Enum.GetValues<LinkState>().Select(s => new Measurement<int>(states[s].Count(), new KeyValuePair<string, object?>("state", LinkResponse.StateName(s))));
    }

    private static string NameOf(ProbeOutcome outcome) => outcome switch
    {
        ProbeOutcome.Answered => "answered",
        ProbeOutcome.NoResponders => "no-responders",
        ProbeOutcome.TimedOut => "timeout",
        _ => "impossible",
    };
}
