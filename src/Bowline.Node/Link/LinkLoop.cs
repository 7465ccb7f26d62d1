using System.Threading.Channels;
using Bowline.Core.Health;
using Bowline.Core.Time;
using Microsoft.Extensions.Logging;

namespace Bowline.Node.Link;

/// <summary>The thin shell around <see cref="LinkMachine"/>: one reader of events, one timer, tasks that report back as events.</summary>
internal sealed partial class LinkLoop : IAsyncDisposable
{
    // Events come from a handful of timers and connections; a queue this long means that the reader has died.
    private const int QueueLength = 1024;

    private readonly LinkTimings _timings;
    private readonly ISessionSource _sessions;
    private readonly ILinkDialer _dialer;
    private readonly HealthTracker _health;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly LinkMachine _machine;
    private readonly LinkMeter _meter = new();
    private readonly LinkOperations _operations;
    private readonly Dictionary<int, ILinkConnection> _links = [];
    private readonly CancellationTokenSource _ended = new();
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _origin;
    private readonly ITimer _timer;
    private readonly Channel<LinkEvent> _events = Channel.CreateBounded<LinkEvent>(
        new BoundedChannelOptions(QueueLength) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private int _disposed;
    private long _asleepTicks;
    private Task? _reader;
    private volatile LinkStatus _status;

    public LinkLoop(LinkTimings timings, ISessionSource sessions, ILinkDialer dialer, HealthTracker health, TimeProvider time, Random random, ILogger<LinkLoop> logger)
    {
        _timings = timings;
        _sessions = sessions;
        _dialer = dialer;
        _health = health;
        _time = time;
        _logger = logger;
        _machine = new LinkMachine(timings, random);
        _operations = new LinkOperations(time, LogUnexpected);
        _origin = time.GetTimestamp();
        _status = new LinkStatus(LinkPhase.Stopped, time.GetUtcNow(), 0, null, null);
        _timer = time.CreateTimer(_ => Post(new LinkEvent.Ticked()), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>What is known about the link now.</summary>
    public LinkStatus Status => _status;

    /// <summary>Called after each change of <see cref="Status"/>, on the loop; must not block.</summary>
    public Action<LinkStatus>? OnChanged { get; init; }

    private TimeSpan Now => _time.GetElapsedTime(_origin) + TimeSpan.FromTicks(Interlocked.Read(ref _asleepTicks));

    public void Start()
    {
        _status = _status with { Phase = LinkPhase.Connecting, Since = _time.GetUtcNow() };
        _reader = Task.Run(ReadAsync);
        Telemetry.Add(this);
        Post(new LinkEvent.Started());
    }

    /// <summary>The process ran again after a gap.</summary>
    public void Resumed(Suspension suspension)
    {
        LogResumed(suspension.Gap.TotalSeconds, suspension.Kind);
        Telemetry.Suspended(suspension);
        Interlocked.Add(ref _asleepTicks, suspension.Asleep.Ticks);
        Post(new LinkEvent.Resumed());
    }

    /// <summary>The machine's addresses changed.</summary>
    public void NetworkChanged() => Post(new LinkEvent.NetworkChanged());

    /// <summary>Says goodbye and lets go of everything, at most as long as a goodbye may take.</summary>
    public async Task StopAsync()
    {
        if (_reader is null)
        {
            return;
        }

        Post(new LinkEvent.StopRequested());
        await _stopped.Task;
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await StopAsync();
        Telemetry.Remove(this);
        _events.Writer.TryComplete();
        await _timer.DisposeAsync();
        await _ended.CancelAsync();
        if (_reader is not null)
        {
            await _reader;
        }

        await _operations.DisposeAsync();
        _ended.Dispose();
    }

    private void Post(LinkEvent occurred)
    {
        if (!_events.Writer.TryWrite(occurred) && !_ended.IsCancellationRequested && !_stopped.Task.IsCompleted)
        {
            LogOverflow();
        }
    }

    private async Task ReadAsync()
    {
        await foreach (var occurred in _events.Reader.ReadAllAsync(CancellationToken.None))
        {
            if (occurred is Opened opened)
            {
                _links[opened.Op] = opened.Connection;
            }

            var now = Now;
            var before = _machine.Phase;
            var translated = occurred is Opened dialed ? new LinkEvent.Dialed(dialed.Op) : occurred;
            var effects = _machine.Handle(translated, now);

            // Before the effects: who sees one of them and asks for the status is told what led to it.
            _meter.Observe(translated, before, _machine.Phase, now);
            Publish(translated);
            foreach (var effect in effects)
            {
                Perform(effect, now);
            }

            Arm(now);
            if (occurred is LinkEvent.StopRequested)
            {
                await _operations.FinishAsync(_timings.GoodbyeTimeout * 2);
                _stopped.TrySetResult();
            }
        }
    }

    private void Arm(TimeSpan now) => _timer.Change(
        _machine.NextWake is { } due ? (due > now ? due - now : TimeSpan.Zero) : Timeout.InfiniteTimeSpan,
        Timeout.InfiniteTimeSpan);

    private void Publish(LinkEvent occurred)
    {
        var before = _status;
        var error = occurred switch
        {
            LinkEvent.SessionFailed failed => failed.Text,
            LinkEvent.DialFailed failed => failed.Text,
            LinkEvent.Lost lost => lost.Text,
            LinkEvent.Rejected rejected => rejected.Text,
            _ => _machine.Phase == LinkPhase.Online ? null : before.LastError,
        };
        var next = before with
        {
            Phase = _machine.Phase,
            Since = before.Phase == _machine.Phase ? before.Since : _time.GetUtcNow(),
            ConnectedCount = before.ConnectedCount + (occurred is LinkEvent.Dialed ? 1 : 0),
            SessionEndsAt = occurred is LinkEvent.SessionReceived received ? _time.GetUtcNow() + received.Session.Life : before.SessionEndsAt,
            LastError = error,
        };
        if (next == before)
        {
            return;
        }

        _status = next;
        if (next.Phase != before.Phase)
        {
            LogPhase(next.Phase);
        }

        OnChanged?.Invoke(next);
    }
}
