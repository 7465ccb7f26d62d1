using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Bowline.Tunnel;

/// <summary>The library's meter and activity source, both named <c>Bowline.Tunnel</c>.</summary>
internal static class TunnelTelemetry
{
    public const string Name = "Bowline.Tunnel";

    private static readonly ActivitySource Source = new(Name);
    private static readonly Meter Meter = new(Name);
    private static readonly Histogram<double> ClientDuration = Meter.CreateHistogram<double>("bowline.tunnel.client.duration", "s", "From the request to its response head.");
    private static readonly Histogram<double> ServerDuration = Meter.CreateHistogram<double>("bowline.tunnel.server.duration", "s", "From the open to the end of the response.");
    private static readonly Counter<long> Failures = Meter.CreateCounter<long>("bowline.tunnel.stream.failures", "{stream}", "Streams that failed, by error.");
    private static readonly Counter<long> MalformedFrames = Meter.CreateCounter<long>("bowline.tunnel.frames.malformed", "{frame}", "Frames that were refused, by what was wrong.");
    private static readonly Counter<long> RefusedOpens = Meter.CreateCounter<long>("bowline.tunnel.opens.refused", "{open}", "Opens that started nothing, by reason.");
    private static readonly Counter<long> ForwardFailures = Meter.CreateCounter<long>("bowline.tunnel.forward.failures", "{exchange}", "Exchanges that were not forwarded to their end, by error.");

    public static Activity? StartClient(HttpRequestMessage request, TunnelTarget target)
    {
        var activity = Source.StartActivity(request.Method.Method, ActivityKind.Client);
        if (activity is { IsAllDataRequested: true })
        {
            _ = activity.SetTag("http.request.method", request.Method.Method)
                .SetTag("server.address", target.Device.ToString())
                .SetTag("bowline.service", target.Service);
        }

        return activity;
    }

    public static Activity? StartServer(RequestHead head)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        _ = head.Headers.TryGet("traceparent", out var parent);
        _ = head.Headers.TryGet("tracestate", out var state);
        var activity = ActivityContext.TryParse(parent, state, isRemote: true, out var context)
            ? Source.StartActivity(head.Method, ActivityKind.Server, context)
            : Source.StartActivity(head.Method, ActivityKind.Server);
        return activity?.SetTag("http.request.method", head.Method).SetTag("bowline.service", head.Service);
    }

    public static void ClientDone(TimeSpan duration, int status) => ClientDuration.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("http.response.status_code", status));

    public static void ServerDone(TimeSpan duration, int status) => ServerDuration.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("http.response.status_code", status));

    public static void StreamFailed(TunnelError error) => Failures.Add(1, new KeyValuePair<string, object?>("error.type", TunnelErrors.Code(error)));

    public static void ForwardFailed(ForwardError error) => ForwardFailures.Add(1, new KeyValuePair<string, object?>("error.type", ForwardErrors.Code(error)));

    public static void Malformed(string what) => MalformedFrames.Add(1, new KeyValuePair<string, object?>("what", what));

    public static void Refused(string reason) => RefusedOpens.Add(1, new KeyValuePair<string, object?>("reason", reason));
}
