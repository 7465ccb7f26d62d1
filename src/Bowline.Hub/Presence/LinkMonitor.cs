using Bowline.Core.Identity;
using Microsoft.Extensions.Logging;

namespace Bowline.Hub.Presence;

/// <summary>The shell around one link's <see cref="PresenceMachine"/>: clock, timer, and the one probe at a time, whoever asks.</summary>
internal sealed class LinkMonitor : IAsyncDisposable
{
    /// <summary>Of a flood of frames one is looked at in this time.</summary>
    private static readonly TimeSpan FrameSpacing = TimeSpan.FromMilliseconds(100);

    private static readonly PresenceEvent Tick = new PresenceEvent.Tick();

    private readonly IProber _prober;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Action<DeviceId> _changed;
    private readonly Lock _gate = new();
    private readonly ITimer _timer;
    private readonly List<TaskCompletionSource> _asked = [];
    private PresenceState _state;
    private ProbeRun? _running;
    private Task _probes = Task.CompletedTask;
    private NodeStatus? _status;
    private long _lastFrame;
    private int _watchers;
    private bool _ended;

    /// <summary>Starts to watch; the first probe begins at once.</summary>
    public LinkMonitor(DeviceId device, IProber prober, TimeProvider time, ILogger logger, Action<DeviceId> changed)
    {
        Device = device;
        _prober = prober;
        _time = time;
        _logger = logger;
        _changed = changed;
        _state = new PresenceState(Reading.Of(time));
        _timer = time.CreateTimer(static self => ((LinkMonitor)self!).Send(Tick), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Send(Tick);
    }

    public DeviceId Device { get; }

    /// <summary>What the node said about itself last.</summary>
    public NodeStatus? Status => Volatile.Read(ref _status);

    /// <summary>The presence now, whether or not the timer came in time.</summary>
    public PresenceView View
    {
        get
        {
            Send(Tick);
            return Volatile.Read(ref _state).View;
        }
    }

    /// <summary>What was shown last, without looking at the clock.</summary>
    public LinkState LastState => Volatile.Read(ref _state).State;

    /// <summary>Somebody looks: probes at once and keeps the fast pace until the result is disposed.</summary>
    public IDisposable Watch()
    {
        Watching(1);
        return new Watcher(this);
    }

    /// <summary>Probes now, or joins the probe under way, and gives the presence after it.</summary>
    public async Task<PresenceView> ProbeAsync()
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_ended)
            {
                return _state.View;
            }

            _asked.Add(done);
        }

        Send(new PresenceEvent.Asked());
        await done.Task;
        return View;
    }

    /// <summary>A frame was seen. Called on the read loop for every frame, so most calls only read a clock.</summary>
    public void OnTraffic()
    {
        var now = _time.GetTimestamp();
        if (_time.GetElapsedTime(Volatile.Read(ref _lastFrame), now) >= FrameSpacing)
        {
            Volatile.Write(ref _lastFrame, now);
            Send(new PresenceEvent.Traffic());
        }
    }

    /// <summary>Something else happened.</summary>
    public void On(PresenceEvent happened) => Send(happened);

    public async ValueTask DisposeAsync()
    {
        ProbeRun? running;
        lock (_gate)
        {
            _ended = true;
            running = _running;
            _running = null;
            Answer();
        }

        running?.Dispose();
        await _timer.DisposeAsync();
        await _probes;
    }

    private void Send(PresenceEvent happened)
    {
        ProbeRun? over = null;
        var show = false;
        lock (_gate)
        {
            if (_ended)
            {
                return;
            }

            // The count is read here, so that two who come and go at once cannot leave it the wrong way round.
            happened = happened is PresenceEvent.Watched ? new PresenceEvent.Watched(Volatile.Read(ref _watchers) > 0) : happened;
            var before = _state;
            var (state, effects) = PresenceMachine.Step(before, happened, Reading.Of(_time));
            Volatile.Write(ref _state, state);
            if (_running is { } run && state.Probe?.Id != run.Id)
            {
                over = run; // It has ended, or its answer is no longer wanted.
                _running = null;
            }

            foreach (var effect in effects)
            {
                show |= effect is PresenceEffect.Show;
                if (effect is PresenceEffect.StartProbe start)
                {
                    _running = new ProbeRun(start.Id);
                    _probes = Task.WhenAll(_probes.IsCompleted ? Task.CompletedTask : _probes, RunAsync(_running, start.Timeout));
                }
            }

            if (happened is PresenceEvent.ProbeEnded ended ? before.Probe?.Id == ended.Id : before.Probe is not null && state.Probe is null)
            {
                Answer();
            }

            Log(before, state);
            _ = _timer.Change(Later(state.Due - _time.GetElapsedTime(0)), Timeout.InfiniteTimeSpan);
        }

        over?.Dispose();
        if (show)
        {
            _changed(Device);
        }
    }

    /// <summary>Never throws. Yields first, because the caller holds the gate.</summary>
    private async Task RunAsync(ProbeRun run, TimeSpan timeout)
    {
        await Task.Yield();
        var started = _time.GetTimestamp();
        ProbeResult result;
        try
        {
            result = await _prober.ProbeAsync(Device, timeout, run.Token);
        }
        catch (OperationCanceledException) when (run.Token.IsCancellationRequested)
        {
            return;
        }
        catch (Exception e)
        {
            PresenceLog.ProbeFailed(_logger, Device.ToString(), e);
            result = new ProbeResult(ProbeOutcome.Impossible);
        }

        var took = _time.GetElapsedTime(started);
        Telemetry.Probed(took, result.Outcome);
        if (result.Status is not null)
        {
            Volatile.Write(ref _status, result.Status);
        }

        Send(new PresenceEvent.ProbeEnded(run.Id, result.Outcome, took));
    }

    private void Watching(int change)
    {
        _ = Interlocked.Add(ref _watchers, change);
        Send(new PresenceEvent.Watched(change > 0));
    }

    /// <summary>Everybody who asked gets the result. Under the gate; continuations run elsewhere.</summary>
    private void Answer()
    {
        foreach (var asked in _asked)
        {
            asked.SetResult();
        }

        _asked.Clear();
    }

    private void Log(PresenceState before, PresenceState after)
    {
        if (before.State != after.State)
        {
            PresenceLog.Changed(_logger, Device.ToString(), before.State, after.State, after.Evidence.Method);
        }
    }

    private static TimeSpan Later(TimeSpan wait) => wait > TimeSpan.Zero ? wait : TimeSpan.Zero;

    private sealed class Watcher(LinkMonitor monitor) : IDisposable
    {
        private int _done;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _done, 1) == 0)
            {
                monitor.Watching(-1);
            }
        }
    }
}
