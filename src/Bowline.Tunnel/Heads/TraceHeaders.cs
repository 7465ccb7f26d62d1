using System.Diagnostics;

namespace Bowline.Tunnel;

/// <summary>W3C trace context as headers.</summary>
internal static class TraceHeaders
{
    public const string Parent = "traceparent";
    public const string State = "tracestate";

    /// <summary>
    /// Makes the current span the parent of what follows, if somebody records it. One that exists only for log scopes would be a parent that no
    /// trace ever shows, and its cleared "sampled" flag would switch tracing off behind it. A parent of another trace, chosen by the caller, stays.
    /// </summary>
    public static void Continue(TunnelHeaders headers)
    {
        if (Activity.Current is not { IdFormat: ActivityIdFormat.W3C, Id: { } id } activity || !(activity.Recorded || activity.Source.HasListeners()))
        {
            return;
        }

        if (headers.TryGet(Parent, out var given) && ActivityContext.TryParse(given, null, out var context) && context.TraceId != activity.TraceId)
        {
            return;
        }

        headers.Set(Parent, id);
        if (activity.TraceStateString is { Length: > 0 } state)
        {
            headers.Set(State, state);
        }
    }
}
