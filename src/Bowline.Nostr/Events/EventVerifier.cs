namespace Bowline.Nostr;

/// <summary>Verifies many events at once, on a bounded number of threads of the pool: a signature takes about 35 microseconds of one.</summary>
public static class EventVerifier
{
    // Below this many per thread, starting a thread costs more than it saves.
    private const int MinPerThread = 8;

    /// <summary>For each event whether its id and signature are right, as <see cref="NostrEvent.Verify"/> says.</summary>
    /// <param name="events">The events.</param>
    /// <param name="maxThreads">The most threads to use, this one among them; at least 1.</param>
    /// <param name="cancellationToken">Stops between two events.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static bool[] Verify(IReadOnlyList<NostrEvent> events, int maxThreads, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(events);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxThreads, 1);
        var right = new bool[events.Count];
        var threads = Math.Min(maxThreads, events.Count / MinPerThread);
        if (threads <= 1)
        {
            for (var i = 0; i < right.Length; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                right[i] = events[i].Verify();
            }

            return right;
        }

        _ = Parallel.For(
            0,
            right.Length,
            new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken },
            i => right[i] = events[i].Verify());
        return right;
    }
}
