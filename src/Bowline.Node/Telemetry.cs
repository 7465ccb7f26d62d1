using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Bowline.Core.Time;
using Bowline.Node.Link;
using Bowline.Tunnel;

namespace Bowline.Node;

/// <summary>Metrics and traces of the node, under the name <c>Bowline.Node</c>.</summary>
internal static class Telemetry
{
    public const string Name = "Bowline.Node";

    public static readonly ActivitySource Source = new(Name);

    private static readonly ConcurrentDictionary<LinkLoop, bool> Links = new();
    private static readonly Meter Meter = new(Name);
    private static readonly Counter<long> ConnectionsLost = Meter.CreateCounter<long>("bowline.node.link.losses", "{loss}", "Times the link was no longer online, by reason.");
    private static readonly Histogram<double> Outage = Meter.CreateHistogram<double>("bowline.node.link.outage.duration", "s", "From the loss of the link to being online again, by the reason of the loss.");
    private static readonly Histogram<double> Recovery = Meter.CreateHistogram<double>("bowline.node.link.resume.duration", "s", "From running again after a freeze or sleep to a link that is proved online.");
    private static readonly Counter<long> Renewals = Meter.CreateCounter<long>("bowline.node.link.renewals", "{renewal}", "Link sessions renewed while the link stayed online.");
    private static readonly Counter<long> Refusals = Meter.CreateCounter<long>("bowline.node.link.refusals", "{attempt}", "Attempts to get a session or a connection that failed, by step and error.");
    private static readonly Histogram<double> SuspensionGap = Meter.CreateHistogram<double>("bowline.node.suspension.duration", "s", "How long the process did not run, by kind.");
    private static readonly Counter<long> Exchanges = Meter.CreateCounter<long>("bowline.node.exchanges", "{exchange}", "Exchanges forwarded to exposed services, by service and outcome.");
    private static readonly Counter<long> ControlRefusals = Meter.CreateCounter<long>("bowline.node.control.refusals", "{request}", "Requests that the control socket refused, by error.");

    static Telemetry() => Meter.CreateObservableUpDownCounter("bowline.node.link.state", States, "{link}", "1 for the state the link is in.");

    public static void Add(LinkLoop link) => Links[link] = true;

    public static void Remove(LinkLoop link) => Links.TryRemove(link, out _);

    public static void Lost(LinkLoss reason) => ConnectionsLost.Add(1, Tag("reason", NameOf(reason)));

    public static void Regained(LinkLoss reason, TimeSpan away) => Outage.Record(away.TotalSeconds, Tag("reason", NameOf(reason)));

    public static void Recovered(TimeSpan took) => Recovery.Record(took.TotalSeconds);

    public static void Renewed() => Renewals.Add(1);

    public static void Refused(string step, NodeError error) => Refusals.Add(1, Tag("step", step), Tag("error.type", NodeProblem.CodeOf(error)));

    public static void Suspended(Suspension suspension) => SuspensionGap.Record(suspension.Gap.TotalSeconds, Tag("kind", suspension.Kind.ToString().ToLowerInvariant()));

    public static void Forwarded(string service, ForwardError error) =>
        Exchanges.Add(1, Tag("bowline.service", service), Tag("outcome", error == ForwardError.None ? "ok" : ForwardErrors.Code(error)));

    public static void ControlRefused(NodeError error) => ControlRefusals.Add(1, Tag("error.type", NodeProblem.CodeOf(error)));

    private static IEnumerable<Measurement<int>> States()
    {
        var phases = Links.Keys.Select(link => link.Status.Phase).ToList();
        return Enum.GetValues<LinkPhase>().Select(phase => new Measurement<int>(phases.Count(p => p == phase), Tag("state", phase.ToString().ToLowerInvariant())));
    }

    private static string NameOf(LinkLoss reason) => reason switch
    {
        LinkLoss.Disconnected => "disconnected",
        LinkLoss.Silent => "silent",
        LinkLoss.CredentialsRefused => "credentials_refused",
        LinkLoss.Revoked => "revoked",
        _ => "other",
    };

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
