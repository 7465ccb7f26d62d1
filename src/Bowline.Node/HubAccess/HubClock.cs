namespace Bowline.Node.HubAccess;

/// <summary>
/// The hub's time of day as seen in the <c>Date</c> of its answers. Tokens are dated by it, so that a machine whose clock is wrong
/// (no battery, a restored snapshot) keeps its link.
/// </summary>
internal sealed class HubClock(TimeProvider time)
{
    // Date has whole seconds and travels: less than this is no difference.
    private static readonly TimeSpan Noise = TimeSpan.FromSeconds(5);
    private long _offsetTicks;

    /// <summary>How far the hub's clock is ahead of this machine's; zero when they agree.</summary>
    public TimeSpan Offset => TimeSpan.FromTicks(Interlocked.Read(ref _offsetTicks));

    /// <summary>The time of day at the hub.</summary>
    public DateTimeOffset HubNow => time.GetUtcNow() + Offset;

    /// <summary>Takes the <c>Date</c> of an answer.</summary>
    /// <returns>True when it differs from what was known, so that a refused token may be accepted when made anew.</returns>
    public bool Observe(DateTimeOffset? date)
    {
        if (date is not { } hub)
        {
            return false;
        }

        var seen = hub - time.GetUtcNow();
        var before = Offset;
        var after = seen.Duration() < Noise ? TimeSpan.Zero : seen;
        Interlocked.Exchange(ref _offsetTicks, after.Ticks);
        return (after - before).Duration() >= Noise;
    }
}
