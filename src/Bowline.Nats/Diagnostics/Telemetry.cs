using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Bowline.Nats;

/// <summary>Metrics and traces of this library, under the name <c>Bowline.Nats</c>.</summary>
internal static class Telemetry
{
    public const string Name = "Bowline.Nats";

    private static readonly ConcurrentDictionary<NatsConnection, bool> Connections = new();
    private static readonly Meter Meter = new(Name);

    public static readonly ActivitySource Source = new(Name);

    public static readonly Counter<long> Opened = Meter.CreateCounter<long>("nats.client.sessions.opened", "{session}");

    public static readonly Counter<long> Lost = Meter.CreateCounter<long>("nats.client.sessions.lost", "{session}");

    static Telemetry()
    {
        // Observed from each connection's own counts, so that a message costs no instrument call.
        Meter.CreateObservableCounter("nats.client.messages.received", () => Sum(c => c.Totals().MessagesIn), "{message}");
        Meter.CreateObservableCounter("nats.client.bytes.received", () => Sum(c => c.Totals().BytesIn), "By");
        Meter.CreateObservableCounter("nats.client.messages.sent", () => Sum(c => c.Totals().MessagesOut), "{message}");
        Meter.CreateObservableCounter("nats.client.bytes.sent", () => Sum(c => c.Totals().BytesOut), "By");
    }

    public static void Add(NatsConnection connection) => Connections[connection] = true;

    public static void Remove(NatsConnection connection) => Connections.TryRemove(connection, out _);

    private static long Sum(Func<NatsConnection, long> value) => Connections.Keys.Sum(value);
}
