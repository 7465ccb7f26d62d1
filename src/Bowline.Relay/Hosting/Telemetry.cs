using System.Diagnostics.Metrics;

namespace Bowline.Relay;

/// <summary>The library's meter, named <c>Bowline.Relay</c>.</summary>
internal static class RelayTelemetry
{
    public const string Name = "Bowline.Relay";

    private static readonly Meter Meter = new(Name);
    private static readonly UpDownCounter<long> OpenConnections = Meter.CreateUpDownCounter<long>("bowline.relay.connections", "{connection}", "Open connections.");
    private static readonly UpDownCounter<long> OpenSubscriptions = Meter.CreateUpDownCounter<long>("bowline.relay.subscriptions", "{subscription}", "Open subscriptions.");
    private static readonly Counter<long> Events = Meter.CreateCounter<long>("bowline.relay.events", "{event}", "Events that were published, by what became of them.");
    private static readonly Counter<long> Deliveries = Meter.CreateCounter<long>("bowline.relay.deliveries", "{event}", "Live events handed to subscriptions.");
    private static readonly Counter<long> MalformedMessages = Meter.CreateCounter<long>("bowline.relay.messages.malformed", "{message}", "Messages that were none.");
    private static readonly Counter<long> Disconnects = Meter.CreateCounter<long>("bowline.relay.disconnects", "{connection}", "Connections the relay ended, by reason.");
    private static readonly Histogram<double> CommitDuration = Meter.CreateHistogram<double>("bowline.relay.commit.duration", "s", "From the hand-over to the store to its answer.");
    private static readonly Histogram<double> QueryDuration = Meter.CreateHistogram<double>("bowline.relay.query.duration", "s", "From a REQ to its EOSE.");

    public static void Connections(int change) => OpenConnections.Add(change);

    public static void Subscriptions(int change) => OpenSubscriptions.Add(change);

    public static void Event(string outcome) => Events.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    public static void Delivered(int count) => Deliveries.Add(count);

    public static void Malformed() => MalformedMessages.Add(1);

    public static void Disconnected(string reason) => Disconnects.Add(1, new KeyValuePair<string, object?>("reason", reason));

    public static void Committed(TimeSpan duration) => CommitDuration.Record(duration.TotalSeconds);

    public static void Queried(TimeSpan duration) => QueryDuration.Record(duration.TotalSeconds);
}
