namespace Bowline.Hub.Presence;

/// <summary>The times of presence.</summary>
internal static class PresenceTimings
{
    /// <summary>Time between probes while somebody watches.</summary>
    /// <value>500 ms: with the shortest timeout, a frozen node shows as unknown within a second.</value>
    public static readonly TimeSpan WatchedPace = TimeSpan.FromMilliseconds(500);

    /// <summary>Time between probes while nobody watches.</summary>
    /// <value>10 s: two in a row fit into the life of evidence.</value>
    public static readonly TimeSpan UnwatchedPace = TimeSpan.FromSeconds(10);

    /// <summary>The shortest time a probe may take; four smoothed round trips when that is longer.</summary>
    /// <value>500 ms: a node that runs answers within 50 ms and the way to it.</value>
    public static readonly TimeSpan ShortestTimeout = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest time a probe may take, whatever the smoothed round trip.</summary>
    /// <value>5 s: a node behind a worse network than that cannot be worked with.</value>
    public static readonly TimeSpan LongestTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Evidence older than this proves nothing.</summary>
    /// <value>25 s: two unwatched probes and the timeout of the second fit in.</value>
    public static readonly TimeSpan EvidenceLife = TimeSpan.FromSeconds(25);

    /// <summary>After a goodbye or a closed socket, what began before this is over does not bring the link back.</summary>
    /// <value>1 s: answers and frames that were under way arrive within it.</value>
    public static readonly TimeSpan Linger = TimeSpan.FromSeconds(1);

    /// <summary>How much later than asked the hub may run, or how far its clocks may part, before it takes itself for frozen.</summary>
    /// <value>1 s: longer than a busy machine's delays, shorter than what would harm a link.</value>
    public static readonly TimeSpan StallTolerance = TimeSpan.FromSeconds(1);

    /// <summary>For this long after the hub was frozen or cut off, an absence proves nothing.</summary>
    /// <value>5 s: the nodes lost their connections with the hub's, and are back within twice the longest wait of 2 s.</value>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>Frames are taken as evidence at most this often while the link is online anyway.</summary>
    /// <value>1 s: probes prove more, and there are two of them in that time while somebody watches.</value>
    public static readonly TimeSpan TrafficPace = TimeSpan.FromSeconds(1);

    /// <summary>A probe younger than this is not replaced by one more that a node asks for.</summary>
    /// <value>100 ms: a node that says "here" in a loop gets ten probes a second at most.</value>
    public static readonly TimeSpan ProbeSpacing = TimeSpan.FromMilliseconds(100);

    /// <summary>How much longer than its timeout a probe is waited for.</summary>
    /// <value>100 ms: whoever asks ends it in time; this is for when that fails.</value>
    public static readonly TimeSpan ProbeSlack = TimeSpan.FromMilliseconds(100);
}
