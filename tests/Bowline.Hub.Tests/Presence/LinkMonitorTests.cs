using System.Threading.Channels;
using Bowline.Core.Identity;
using Bowline.Hub.Presence;
using Bowline.Testing.Time;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bowline.Hub.Tests.Presence;

public sealed class LinkMonitorTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly ManualTimeProvider _time = new();
    private readonly ScriptedProber _prober = new();
    private readonly Channel<PresenceView> _views = Channel.CreateUnbounded<PresenceView>();
    private readonly LinkMonitor _monitor;

    public LinkMonitorTests()
    {
        using var key = DeviceKey.Create();
        _monitor = new LinkMonitor(key.Id, _prober, _time, NullLogger.Instance, _ => _views.Writer.TryWrite(_monitor!.View));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Fast_probing_lasts_as_long_as_the_last_watcher()
    {
        await AnswerAsync(ProbeOutcome.Answered);
        var first = _monitor.Watch();
        var second = _monitor.Watch();
        await AnswerAsync(ProbeOutcome.Answered); // At once: somebody looks.
        _time.Advance(PresenceTimings.WatchedPace);
        await AnswerAsync(ProbeOutcome.Answered);
        first.Dispose();
        first.Dispose();
        _time.Advance(PresenceTimings.WatchedPace);
        await AnswerAsync(ProbeOutcome.Answered);
        Assert.Equal(4, _prober.Started);
        second.Dispose();
        _time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.Equal(4, _prober.Started);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        await AnswerAsync(ProbeOutcome.Answered);
        Assert.Equal(5, _prober.Started);
    }

    [Fact]
    public async Task Watchers_that_come_and_go_at_once_leave_nobody_counted()
    {
        await AnswerAsync(ProbeOutcome.Answered);
        await Parallel.ForAsync(0, 2000, Token, (_, _) =>
        {
            _monitor.Watch().Dispose();
            return ValueTask.CompletedTask;
        });
        await AnswerAsync(ProbeOutcome.Answered); // The one the first watcher began.
        var before = _prober.Started;
        _time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.Equal(before, _prober.Started);
    }

    [Fact]
    public async Task Everybody_who_asks_at_once_shares_one_probe()
    {
        var asked = Enumerable.Range(0, 10).Select(_ => _monitor.ProbeAsync()).ToArray();
        using var one = _monitor.Watch();
        using var two = _monitor.Watch();
        await AnswerAsync(ProbeOutcome.Answered);
        var views = await Task.WhenAll(asked).WaitAsync(Patience, Token);
        Assert.All(views, v => Assert.Equal(LinkState.Online, v.State));
        Assert.Equal((1, 1), (_prober.Started, _prober.MostAtOnce));
    }

    [Fact]
    public async Task A_here_message_gives_up_the_probe_under_way_and_begins_another()
    {
        var lost = await _prober.NextAsync();
        _time.Advance(TimeSpan.FromMilliseconds(200));
        _monitor.On(new PresenceEvent.Here());
        await lost.Cancelled.WaitAsync(Patience, Token);
        await AnswerAsync(ProbeOutcome.Answered);
        Assert.Equal(LinkState.Online, _monitor.View.State);
    }

    [Fact]
    public async Task A_prober_that_fails_proves_nothing_and_is_asked_again()
    {
        var probe = await _prober.NextAsync();
        var asked = _monitor.ProbeAsync();
        probe.Fail(new InvalidOperationException("a defect"));
        Assert.Equal(LinkState.Unknown, (await asked.WaitAsync(Patience, Token)).State);
        _time.Advance(PresenceTimings.WatchedPace);
        await AnswerAsync(ProbeOutcome.Answered);
        Assert.Equal(LinkState.Online, _monitor.View.State);
    }

    [Fact]
    public async Task Frames_count_as_proof_and_a_flood_of_them_costs_little()
    {
        await AnswerAsync(ProbeOutcome.NoResponders);
        _time.Advance(TimeSpan.FromSeconds(1));
        for (var i = 0; i < 1000; i++)
        {
            _monitor.OnTraffic();
        }

        var view = await NextAsync();
        Assert.Equal((LinkState.Online, EvidenceMethod.Traffic), (view.State, view.Evidence.Method));
        Assert.False(_views.Reader.TryRead(out _));
    }

    [Fact]
    public async Task Stale_evidence_is_pushed_as_unknown_without_anybody_asking()
    {
        await AnswerAsync(ProbeOutcome.Answered);
        _time.Advance(TimeSpan.FromSeconds(10));
        var second = await _prober.NextAsync();
        _time.Advance(TimeSpan.FromSeconds(1)); // It is given up.
        await second.Cancelled.WaitAsync(Patience, Token);
        Assert.Equal((LinkState.Unknown, EvidenceMethod.ProbeTimeout), await ShapeAsync());
    }

    [Fact]
    public async Task Disposal_ends_the_probe_under_way_and_answers_whoever_asked()
    {
        var probe = await _prober.NextAsync();
        var asked = _monitor.ProbeAsync();
        await _monitor.DisposeAsync();
        await probe.Cancelled.WaitAsync(Patience, Token);
        Assert.Equal(LinkState.Unknown, (await asked.WaitAsync(Patience, Token)).State);
        Assert.Equal(LinkState.Unknown, (await _monitor.ProbeAsync().WaitAsync(Patience, Token)).State);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, _prober.Started);
    }

    public async ValueTask DisposeAsync() => await _monitor.DisposeAsync();

    private async Task<PresenceView> NextAsync() => await _views.Reader.ReadAsync(Token).AsTask().WaitAsync(Patience, Token);

    private async Task<(LinkState State, EvidenceMethod Method)> ShapeAsync()
    {
        var view = await NextAsync();
        return (view.State, view.Evidence.Method);
    }

    /// <summary>Answers the probe under way and waits until that is shown.</summary>
    private async Task AnswerAsync(ProbeOutcome outcome)
    {
        var probe = await _prober.NextAsync();
        _time.Advance(TimeSpan.FromMilliseconds(1)); // A proof of the same moment would be the same proof.
        probe.Answer(outcome);
        await NextAsync();
    }

    private sealed class ScriptedProber : IProber
    {
        private readonly Channel<ScriptedProbe> _waiting = Channel.CreateUnbounded<ScriptedProbe>();
        private int _started;
        private int _running;

        public int Started => Volatile.Read(ref _started);

        public int MostAtOnce { get; private set; }

        public async Task<ProbeResult> ProbeAsync(DeviceId device, TimeSpan timeout, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _started);
            MostAtOnce = Math.Max(MostAtOnce, Interlocked.Increment(ref _running));
            var probe = new ScriptedProbe(cancellationToken);
            await _waiting.Writer.WriteAsync(probe, CancellationToken.None);
            try
            {
                return await probe.Result;
            }
            finally
            {
                Interlocked.Decrement(ref _running);
            }
        }

        public async Task<ScriptedProbe> NextAsync() => await _waiting.Reader.ReadAsync(Token).AsTask().WaitAsync(Patience, Token);
    }

    private sealed class ScriptedProbe
    {
        private readonly TaskCompletionSource<ProbeResult> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ScriptedProbe(CancellationToken stop) => stop.Register(() =>
        {
            if (_result.TrySetCanceled(stop))
            {
                _cancelled.SetResult();
            }
        });

        public Task<ProbeResult> Result => _result.Task;

        public Task Cancelled => _cancelled.Task;

        public void Answer(ProbeOutcome outcome) => _result.SetResult(new ProbeResult(outcome));

        public void Fail(Exception error) => _result.SetException(error);
    }
}
