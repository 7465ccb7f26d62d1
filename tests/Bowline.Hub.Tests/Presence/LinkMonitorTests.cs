using System.Threading.Channels;
using Bowline.Core.Identity;
using Bowline.Hub.Presence;
using Bowline.Testing.Time;

namespace Bowline.Hub.Tests.Presence;

public sealed class LinkMonitorTests : IAsyncDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly ScriptedProber _prober;
    private readonly Channel<PresenceView> _views = Channel.CreateUnbounded<PresenceView>();
    private readonly LinkMonitor _monitor;

    public LinkMonitorTests()
    {
        using var key = DeviceKey.Create();
        _prober = new ScriptedProber();
        _monitor = new LinkMonitor(key.Id, _prober, _time, _ => _views.Writer.TryWrite(_monitor!.View));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Unwatched_it_probes_every_ten_seconds_and_watched_every_half()
    {
        await AnswerAsync(ProbeOutcome.Answered);
        await IdleAsync();
        _time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.Equal(1, _prober.Started);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        await AnswerAsync(ProbeOutcome.Answered);
        await IdleAsync();
        Assert.Equal(2, _prober.Started);

        using (_monitor.Watch())
        {
            await AnswerAsync(ProbeOutcome.Answered); // At once: somebody looks.
            await IdleAsync();
            _time.Advance(TimeSpan.FromMilliseconds(500));
            await AnswerAsync(ProbeOutcome.Answered);
            await IdleAsync();
            Assert.Equal(4, _prober.Started);
        }

        _time.Advance(TimeSpan.FromMilliseconds(500)); // The rest that had begun while it was watched.
        await AnswerAsync(ProbeOutcome.Answered);
        await IdleAsync();
        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(5, _prober.Started);
    }

    [Fact]
    public async Task Everybody_who_asks_at_once_shares_one_probe()
    {
        var asked = Enumerable.Range(0, 10).Select(_ => _monitor.ProbeAsync()).ToArray();
        using var one = _monitor.Watch();
        using var two = _monitor.Watch();
        await AnswerAsync(ProbeOutcome.Answered);
        var views = await Task.WhenAll(asked).WaitAsync(TimeSpan.FromSeconds(10), Token);
        Assert.All(views, v => Assert.Equal(LinkState.Online, v.State));
        Assert.Equal(1, _prober.MostAtOnce);
    }

    [Fact]
    public async Task A_here_message_probes_at_once()
    {
        await AnswerAsync(ProbeOutcome.NoResponders);
        Assert.Equal(LinkState.Offline, (await NextAsync()).State);
        await IdleAsync();
        _monitor.OnHere();
        await AnswerAsync(ProbeOutcome.Answered);
        Assert.Equal(LinkState.Online, (await NextAsync()).State);
    }

    [Fact]
    public async Task Goodbye_disconnect_and_silence_show_without_a_probe()
    {
        await AnswerAsync(ProbeOutcome.Answered);
        Assert.Equal(LinkState.Online, (await NextAsync()).State);
        await IdleAsync();
        _monitor.OnSilent();
        Assert.Equal((LinkState.Unknown, EvidenceMethod.ProbeTimeout), Shape(await NextAsync()));
        _monitor.OnDisconnected();
        Assert.Equal((LinkState.Offline, EvidenceMethod.Disconnected), Shape(await NextAsync()));
        _monitor.OnGoodbye();
        Assert.Equal((LinkState.Offline, EvidenceMethod.Goodbye), Shape(await NextAsync()));
        Assert.Equal(1, _prober.Started);
    }

    [Fact]
    public async Task The_hubs_own_trouble_is_no_evidence_against_a_node_but_evidence_ages()
    {
        await AnswerAsync(ProbeOutcome.Answered);
        Assert.Equal(LinkState.Online, (await NextAsync()).State);
        for (var i = 0; i < 3; i++)
        {
            await IdleAsync();
            Assert.Equal(LinkState.Online, _monitor.View.State);
            _time.Advance(TimeSpan.FromSeconds(10));
            await AnswerAsync(ProbeOutcome.Impossible);
        }

        Assert.Equal(LinkState.Unknown, (await NextAsync()).State);
    }

    [Fact]
    public async Task Frames_count_as_proof_and_a_flood_of_them_costs_little()
    {
        await AnswerAsync(ProbeOutcome.NoResponders);
        await NextAsync();
        _time.Advance(TimeSpan.FromSeconds(1));
        for (var i = 0; i < 1000; i++)
        {
            _monitor.OnTraffic();
        }

        Assert.Equal((LinkState.Online, EvidenceMethod.Traffic), Shape(await NextAsync()));
        Assert.False(_views.Reader.TryRead(out _));
    }

    public async ValueTask DisposeAsync() => await _monitor.DisposeAsync();

    private static (LinkState State, EvidenceMethod Method) Shape(PresenceView view) => (view.State, view.Evidence.Method);

    private async Task<PresenceView> NextAsync() => await _views.Reader.ReadAsync(Token).AsTask().WaitAsync(TimeSpan.FromSeconds(10), Token);

    private Task AnswerAsync(ProbeOutcome outcome) => _prober.AnswerAsync(outcome).WaitAsync(TimeSpan.FromSeconds(10), Token);

    /// <summary>Waits until the loop rests on its timer.</summary>
    private async Task IdleAsync()
    {
        var start = TimeProvider.System.GetTimestamp();
        while (_time.ActiveTimers == 0)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(10));
            await Task.Yield();
        }
    }

    private sealed class ScriptedProber : IProber
    {
        private readonly Channel<TaskCompletionSource<ProbeResult>> _waiting = Channel.CreateUnbounded<TaskCompletionSource<ProbeResult>>();
        private int _running;

        public int Started { get; private set; }

        public int MostAtOnce { get; private set; }

        public async Task<ProbeResult> ProbeAsync(DeviceId device, TimeSpan timeout, CancellationToken cancellationToken)
        {
            Started++;
            MostAtOnce = Math.Max(MostAtOnce, Interlocked.Increment(ref _running));
            var answer = new TaskCompletionSource<ProbeResult>(TaskCreationOptions.RunContinuationsAsynchronously);
            await _waiting.Writer.WriteAsync(answer, cancellationToken);
            var result = await answer.Task.WaitAsync(cancellationToken);
            Interlocked.Decrement(ref _running);
            return result;
        }

        public async Task AnswerAsync(ProbeOutcome outcome) => (await _waiting.Reader.ReadAsync(Token)).SetResult(new ProbeResult(outcome));
    }
}
