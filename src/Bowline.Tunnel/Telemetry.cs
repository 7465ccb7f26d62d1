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
        if (target.Service == TunnelTarget.NodeService)
        {
            return null; // Probes, twice a second while somebody watches: the metrics say all there is to say.
        }

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
        if (!Source.HasListeners() || head.Service == TunnelTarget.NodeService)
        {
            return null;
        }

        // The read loop that brought the open may itself have begun inside some span, long ago; that is not the parent.
        Activity.Current = null;
        _ = head.Headers.TryGet(TraceHeaders.Parent, out var parent);
        _ = head.Headers.TryGet(TraceHeaders.State, out var state);
        var activity = ActivityContext.TryParse(parent, state, isRemote: true, out var context)
            ? Source.StartActivity(head.Method, ActivityKind.Server, context)
            : Source.StartActivity(head.Method, ActivityKind.Server);
        if (activity is null)
        {
            return null;
        }

        // The app's own span continues this one, not the caller's.
        TraceHeaders.Continue(head.Headers);
        return activity.SetTag("http.request.method", head.Method).SetTag("bowline.service", head.Service);
    }

    public static void ClientDone(Activity? activity, TimeSpan duration, int status)
    {
        _ = activity?.SetTag("http.response.status_code", status);
        ClientDuration.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("http.response.status_code", status));
    }

    public static void ClientFailed(Activity? activity, TunnelError error) =>
        _ = activity?.SetTag("error.type", TunnelErrors.Code(error)).SetStatus(ActivityStatusCode.Error, TunnelErrors.Describe(error));

    public static void ServerDone(TimeSpan duration, RequestHead head, int status) => ServerDuration.Record(
        duration.TotalSeconds,
        new KeyValuePair<string, object?>("bowline.service", head.Service),
        new KeyValuePair<string, object?>("http.response.status_code", status));

    public static void ServerAnswered(Activity? activity, int status)
    {
        _ = activity?.SetTag("http.response.status_code", status);
        if (status >= 500)
        {
            _ = activity?.SetStatus(ActivityStatusCode.Error);
        }
    }

    public static void StreamFailed(TunnelError error) => Failures.Add(1, new KeyValuePair<string, object?>("error.type", TunnelErrors.Code(error)));

    public static void ForwardFailed(ForwardError error) => ForwardFailures.Add(1, new KeyValuePair<string, object?>("error.type", ForwardErrors.Code(error)));

    public static void Malformed(string what) => MalformedFrames.Add(1, new KeyValuePair<string, object?>("what", what));

    public static void Refused(string reason) => RefusedOpens.Add(1, new KeyValuePair<string, object?>("reason", reason));
}
