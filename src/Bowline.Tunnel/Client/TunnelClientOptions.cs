using Bowline.Core.Identity;

namespace Bowline.Tunnel;

/// <summary>How a client behaves.</summary>
public sealed class TunnelClientOptions
{
    /// <summary>Windows and keepalive.</summary>
    public TunnelLimits Limits { get; init; } = new();

    /// <summary>The shortest time to wait for the first word about an open; 4 smoothed round trips when that is longer.</summary>
    /// <value>1 s: a node that is alive says something within 50 ms, so a second of silence is a frozen one.</value>
    public TimeSpan AcceptTimeoutFloor { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The deadline of requests that bring none of their own (<see cref="TunnelRequestOptions.Deadline"/>).</summary>
    /// <value>None: streams such as server-sent events live for days.</value>
    public TimeSpan? DefaultDeadline { get; init; }

    /// <summary>The stream id before the first; tests begin near the end.</summary>
    internal uint LastStreamId { get; init; }

    /// <summary>Called on the read loop for every frame of a device: proof that it lives now. Must be quick and must not throw.</summary>
    public Action<DeviceId>? OnTraffic { get; init; }
}
