namespace Bowline.Tunnel;

/// <summary>How a server behaves.</summary>
public sealed class TunnelServerOptions
{
    /// <summary>Windows and keepalive.</summary>
    public TunnelLimits Limits { get; init; } = new();

    /// <summary>The account that owns the node; asked at each exchange, because a node learns it when it joins.</summary>
    public Func<string?> OwnerAccountId { get; init; } = static () => null;

    /// <summary>The hub whose principal may use <c>$node</c>; null before the node has joined one.</summary>
    public Func<string?> HubId { get; init; } = static () => null;

    /// <summary>Exchanges that run at once; more get 503 with Retry-After. <c>$node</c> does not count, so a busy node still shows as online.</summary>
    /// <value>256.</value>
    public int MaxConcurrentExchanges { get; init; } = 256;

    /// <summary>Streams one client may have open; more are refused unstarted.</summary>
    /// <value>1024: one hub instance is one client.</value>
    public int MaxStreamsPerClient { get; init; } = 1024;

    /// <summary>When a handler that has not answered is said to be working on it.</summary>
    /// <value>50 ms: far below the accept timeout, far above what a small exchange takes.</value>
    public TimeSpan AcceptAfter { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>What a 503 asks the caller to wait.</summary>
    /// <value>1 s.</value>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Which idempotency keys were seen; give a <see cref="FileIdempotencyKeys"/> to remember them over a restart.</summary>
    public IIdempotencyKeys? IdempotencyKeys { get; init; }
}
