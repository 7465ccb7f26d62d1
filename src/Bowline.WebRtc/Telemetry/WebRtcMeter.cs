using System.Diagnostics.Metrics;

namespace Bowline.WebRtc;

/// <summary>
/// The library's meter, <c>Bowline.WebRtc</c>. It is observed from each connection's own counts, so a message costs no instrument
/// call; the counts of a connection that is over stay in the sums, which therefore never fall.
/// </summary>
internal static class WebRtcMeter
{
    internal const string Name = "Bowline.WebRtc";

    private static readonly Lock Gate = new();
    private static readonly HashSet<PeerCounters> Open = [];
    private static readonly PeerCounters Over = new();
    private static readonly Meter Meter = new(Name);
    private static readonly Counter<long> Endings = Meter.CreateCounter<long>("bowline.webrtc.connections.ended", "{connection}", "Connections that are over, by why.");
    private static readonly Counter<long> Restarts = Meter.CreateCounter<long>("bowline.webrtc.ice.restarts", "{restart}", "Restarts of ICE that both sides described.");

    static WebRtcMeter()
    {
        Meter.CreateObservableUpDownCounter("bowline.webrtc.connections", CountOpen, "{connection}", "Connections that are not disposed.");
        Meter.CreateObservableUpDownCounter("bowline.webrtc.channels", static () => Sum(static c => c.Channels), "{channel}", "Data channels that are open.");
        Meter.CreateObservableCounter("bowline.webrtc.messages.received", static () => Sum(static c => c.MessagesIn), "{message}");
        Meter.CreateObservableCounter("bowline.webrtc.messages.sent", static () => Sum(static c => c.MessagesOut), "{message}");
        Meter.CreateObservableCounter("bowline.webrtc.bytes.received", static () => Sum(static c => c.MessageBytesIn), "By", "Bytes of messages.");
        Meter.CreateObservableCounter("bowline.webrtc.bytes.sent", static () => Sum(static c => c.MessageBytesOut), "By", "Bytes of messages.");
        Meter.CreateObservableCounter("bowline.webrtc.retransmits", static () => Sum(static c => c.Retransmits), "{chunk}", "Chunks of data sent again.");
        Meter.CreateObservableCounter("bowline.webrtc.refused", Refused, "{item}", "Input that was refused, by kind.");
    }

    internal static void Add(PeerCounters counters)
    {
        lock (Gate)
        {
            Open.Add(counters);
        }
    }

    /// <summary>The connection is disposed, and its counts are final.</summary>
    internal static void Remove(PeerCounters counters)
    {
        lock (Gate)
        {
            if (Open.Remove(counters))
            {
                Over.Add(counters);
            }
        }
    }

    internal static void Ended(WebRtcError error) => Endings.Add(1, new KeyValuePair<string, object?>("error.type", ErrorName(error)));

    internal static void IceRestarted() => Restarts.Add(1);

    private static int CountOpen()
    {
        lock (Gate)
        {
            return Open.Count;
        }
    }

    private static long Sum(Func<PeerCounters, long> value)
    {
        lock (Gate)
        {
            return Open.Sum(value) + value(Over);
        }
    }

    private static IEnumerable<Measurement<long>> Refused() =>
    [
        new(Sum(static c => c.DatagramsRefused), new KeyValuePair<string, object?>("kind", "datagram")),
        new(Sum(static c => c.MessagesRefused), new KeyValuePair<string, object?>("kind", "message")),
        new(Sum(static c => c.CandidatesDropped), new KeyValuePair<string, object?>("kind", "candidate")),
    ];

    private static string ErrorName(WebRtcError error) => error switch
    {
        WebRtcError.Closed => "closed",
        WebRtcError.ClosedByPeer => "closed_by_peer",
        WebRtcError.FingerprintMismatch => "fingerprint_mismatch",
        WebRtcError.HandshakeFailed => "handshake_failed",
        WebRtcError.NativeFailure => "native_failure",
        _ => "other",
    };
}
