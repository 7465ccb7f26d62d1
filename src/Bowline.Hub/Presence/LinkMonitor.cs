using Bowline.Core.Identity;

namespace Bowline.Hub.Presence;

/// <summary>
/// Watches one link: one probe at a time whoever asks, every half second while somebody watches and every ten seconds otherwise.
/// </summary>
internal sealed class LinkMonitor : IAsyncDisposable
{
    /// <summary>The pace while somebody looks: a change shows within a second.</summary>
    internal static readonly TimeSpan Watched = TimeSpan.FromMilliseconds(500);

    /// <summary>The pace otherwise: two in a row fit into the life of evidence.</summary>
    internal static readonly TimeSpan Unwatched = TimeSpan.FromSeconds(10);

    private readonly PresenceMachine _machine;
    private readonly IProber _prober;
    private readonly TimeProvider _time;
    private readonly Action<DeviceId> _changed;
    private readonly CancellationTokenSource _stopping = new();
    private readonly SemaphoreSlim _wake = new(0, 1); // Not disposed: a late message may still wake it, and it holds nothing.
    private readonly Lock _gate = new();
    private readonly Task _loop;
    private Task<PresenceView>? _probe;
    private PresenceView _shown;
    private NodeStatus? _status;
    private long _lastTraffic;
    private int _watchers;

    public LinkMonitor(DeviceId device, IProber prober, TimeProvider time, Action<DeviceId> changed)
    {
        Device = device;
        _prober = prober;
        _time = time;
        _changed = changed;
        _machine = new PresenceMachine(time.GetUtcNow());
        _shown = _machine.At(time.GetUtcNow());
        _loop = RunAsync();
    }

    public DeviceId Device { get; }

    /// <summary>What the node said about itself last.</summary>
    public NodeStatus? Status => Volatile.Read(ref _status);

    /// <summary>The presence now.</summary>
    public PresenceView View
    {
        get
        {
            lock (_gate)
            {
                return _machine.At(_time.GetUtcNow());
            }
        }
    }

    /// <summary>Somebody looks: probes at once and keeps the fast pace until the result is disposed.</summary>
    public IDisposable Watch()
    {
        if (Interlocked.Increment(ref _watchers) == 1)
        {
            Wake();
        }

        return new Watcher(this);
    }

    /// <summary>Probes now, or joins the probe under way, and gives the presence after it.</summary>
    public Task<PresenceView> ProbeAsync()
    {
        lock (_gate)
        {
            if (_probe is not { IsCompleted: false })
            {
                _probe = ProbeOnceAsync();
            }

            return _probe;
        }
    }

    /// <summary>A frame was seen. Called on the read loop for every frame, so most calls only read a clock.</summary>
    public void OnTraffic()
    {
        var now = _time.GetTimestamp();
        if (_time.GetElapsedTime(Volatile.Read(ref _lastTraffic), now) < TimeSpan.FromMilliseconds(100))
        {
            return;
        }

        Volatile.Write(ref _lastTraffic, now);
        Apply(m => m.Traffic(_time.GetUtcNow()));
    }

    public void OnDisconnected() => Apply(m => m.Disconnected(_time.GetUtcNow()));

    public void OnSilent() => Apply(m => m.Silent(_time.GetUtcNow()));

    public void OnGoodbye() => Apply(m => m.Goodbye(_time.GetUtcNow()));

    public void OnHere()
    {
        Apply(m => m.Here());
        Wake();
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _loop;
        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (!_stopping.IsCancellationRequested)
            {
                var started = _time.GetTimestamp();
                await ProbeAsync();
                await RestAsync(started);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            return;
        }
    }

    /// <summary>Waits out the pace, or until woken.</summary>
    private async Task RestAsync(long started)
    {
        var pace = Volatile.Read(ref _watchers) > 0 ? Watched : Unwatched;
        var left = pace - _time.GetElapsedTime(started);
        if (left <= TimeSpan.Zero)
        {
            await Task.Yield();
            return;
        }

        using var timer = _time.CreateTimer(static s => ((LinkMonitor)s!).Wake(), this, left, Timeout.InfiniteTimeSpan);
        await _wake.WaitAsync(_stopping.Token);
    }

    private void Wake()
    {
        lock (_wake)
        {
            if (_wake.CurrentCount == 0)
            {
                _wake.Release();
            }
        }
    }

    private async Task<PresenceView> ProbeOnceAsync()
    {
        await Task.Yield(); // The caller holds the gate.
        var startedAt = _time.GetUtcNow();
        TimeSpan timeout;
        lock (_gate)
        {
            timeout = _machine.ProbeTimeout;
        }

        var result = await _prober.ProbeAsync(Device, timeout, _stopping.Token);
        if (result.Status is not null)
        {
            Volatile.Write(ref _status, result.Status);
        }

        return Apply(m =>
        {
            var now = _time.GetUtcNow();
            switch (result.Outcome)
            {
                case ProbeOutcome.Answered: m.Answered(startedAt, now); break;
                case ProbeOutcome.NoResponders: m.NoResponders(startedAt, now); break;
                case ProbeOutcome.TimedOut: m.TimedOut(startedAt, now); break;
                default: break; // The hub's own fault proves nothing; old evidence goes stale by itself.
            }
        });
    }

    private PresenceView Apply(Action<PresenceMachine> change)
    {
        PresenceView view;
        bool changed;
        lock (_gate)
        {
            change(_machine);
            view = _machine.At(_time.GetUtcNow());
            changed = view != _shown;
            _shown = view;
        }

        if (changed)
        {
            _changed(Device);
        }

        return view;
    }

    private sealed class Watcher(LinkMonitor monitor) : IDisposable
    {
        private int _done;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _done, 1) == 0)
            {
                Interlocked.Decrement(ref monitor._watchers);
            }
        }
    }
}
