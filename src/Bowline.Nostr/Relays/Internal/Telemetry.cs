using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Bowline.Nostr;

/// <summary>Metrics and traces of this library, under the name <c>Bowline.Nostr</c>.</summary>
internal static class Telemetry
{
    public const string Name = "Bowline.Nostr";

    private static readonly Meter Meter = new(Name);

    public static readonly ActivitySource Source = new(Name);

    public static readonly Counter<long> Opened = Meter.CreateCounter<long>("nostr.client.sockets.opened", "{socket}");

    public static readonly Counter<long> Lost = Meter.CreateCounter<long>("nostr.client.sockets.lost", "{socket}");

    public static readonly Counter<long> Received = Meter.CreateCounter<long>("nostr.client.messages.received", "{message}");

    public static readonly Counter<long> Sent = Meter.CreateCounter<long>("nostr.client.messages.sent", "{message}");

    public static readonly Counter<long> Delivered = Meter.CreateCounter<long>("nostr.client.events.delivered", "{event}");

    public static readonly Counter<long> Forged = Meter.CreateCounter<long>("nostr.client.events.forged", "{event}");

    public static readonly Counter<long> Garbage = Meter.CreateCounter<long>("nostr.client.messages.garbage", "{message}");

    public static readonly Counter<long> SlowReaders = Meter.CreateCounter<long>("nostr.client.subscriptions.slow", "{subscription}");

    public static readonly Histogram<double> PublishDuration = Meter.CreateHistogram<double>("nostr.client.publish.duration", "s");

    /// <summary>The tag every measurement carries.</summary>
    public static KeyValuePair<string, object?> Tag(Uri relay) => new("server.address", relay.Authority);
}
