using Bowline.Core.Time;

namespace Bowline.Hub.NatsServer;

/// <summary>Decides how long to wait before a crashed server is started again, and when that is worth a warning.</summary>
internal sealed class CrashHistory(TimeProvider time, Random random)
{
    /// <summary>This many crashes within <see cref="Window"/> are no accident.</summary>
    internal const int Many = 3;

    /// <summary>Three crashes within it are a loop, not an accident.</summary>
    internal static readonly TimeSpan Window = TimeSpan.FromSeconds(60);

    /// <summary>The pace while it keeps crashing: slow enough to read the log, fast enough to heal by itself.</summary>
    internal static readonly TimeSpan SlowPace = TimeSpan.FromSeconds(15);

    private readonly Backoff _backoff = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(5), random);
    private readonly Queue<DateTimeOffset> _crashes = new();

    /// <summary>True while the last crashes came too fast.</summary>
    public bool IsLooping
    {
        get
        {
            Forget();
            return _crashes.Count >= Many;
        }
    }

    /// <summary>Notes a crash and says how long to wait.</summary>
    public TimeSpan Add()
    {
        Forget();
        if (_crashes.Count == 0)
        {
            _backoff.Reset();
        }

        _crashes.Enqueue(time.GetUtcNow());
        return IsLooping ? SlowPace : _backoff.Next();
    }

    private void Forget()
    {
        while (_crashes.TryPeek(out var oldest) && time.GetUtcNow() - oldest > Window)
        {
            _crashes.Dequeue();
        }
    }
}
