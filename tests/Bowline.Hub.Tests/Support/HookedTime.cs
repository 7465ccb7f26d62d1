namespace Bowline.Hub.Tests.Support;

/// <summary>A clock that does something when it is looked at for the n-th time, and may show another time from then on.</summary>
internal sealed class HookedTime(TimeProvider inner, int look, Func<TimeSpan> hook) : TimeProvider
{
    private TimeSpan _ahead;
    private int _looks;

    public override DateTimeOffset GetUtcNow()
    {
        if (Interlocked.Increment(ref _looks) == look)
        {
            _ahead = hook();
        }

        return inner.GetUtcNow() + _ahead;
    }
}
