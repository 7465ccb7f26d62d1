namespace Bowline.Tunnel;

/// <summary>Windows and keepalive, the same on both sides.</summary>
public sealed class TunnelLimits
{
    /// <summary>Body bytes one stream may have under way at first.</summary>
    /// <value>256 KiB: enough for 1 GiB/s at a round trip of 0.25 ms, little enough to be held by a thousand unread streams.</value>
    public int StreamWindow { get; init; } = 256 * 1024;

    /// <summary>Where the window of one stream stops growing.</summary>
    /// <value>2 MiB: 100 MiB/s at a round trip of 20 ms.</value>
    public int MaxStreamWindow { get; init; } = 2 * 1024 * 1024;

    /// <summary>Body bytes all streams between one client and one server may have under way.</summary>
    /// <value>2 MiB: what an unread response may cost at most on either side.</value>
    public int ConnectionWindow { get; init; } = 2 * 1024 * 1024;

    /// <summary>Body bytes in one frame.</summary>
    /// <value>
    /// 32 KiB: nats-server reads 64 KiB at a time, so a frame of that size is always split over two reads and copied once more; half of it moves about a
    /// third more per second for less of the server's CPU time (docs/performance.md). A small frame waits for one of these at most.
    /// </value>
    public int MaxFrameBody { get; init; } = 32 * 1024;

    /// <summary>The longest body that travels inside a head frame.</summary>
    /// <value>32 KiB: most API answers, and a head of 64 KiB with it stays far below max_payload.</value>
    public int MaxInlinedBody { get; init; } = 32 * 1024;

    /// <summary>How long a connection with open streams may be silent before it is asked for a sign of life.</summary>
    /// <value>10 s: below the idle limits of common proxies, rare enough to cost nothing.</value>
    public TimeSpan KeepaliveInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Unanswered questions before the other side counts as lost.</summary>
    /// <value>3.</value>
    public int KeepaliveMisses { get; init; } = 3;
}
