using Bowline.Core.Health;
using Bowline.Core.Time;
using Bowline.Node.Link;
using Bowline.Node.Tests.Fakes;
using Bowline.Testing.Time;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bowline.Node.Tests.Link;

/// <summary>The shell around the machine: time passes only when the test says so.</summary>
public sealed class LinkLoopTests : IAsyncDisposable, ISessionSource
{
    private readonly ManualTimeProvider _time = new();
    private readonly FakeDialer _dialer = new();
    private readonly HealthTracker _health;
    private readonly LinkLoop _loop;
    private int _sessions;
    private NodeException? _refusal;

    public LinkLoopTests()
    {
        _health = new HealthTracker(_time);
        _loop = new LinkLoop(new LinkTimings(), this, _dialer, _health, _time, new Random(1), NullLogger<LinkLoop>.Instance);
    }

    public ValueTask DisposeAsync() => _loop.DisposeAsync();

    Task<LinkSession> ISessionSource.FetchAsync(CancellationToken cancellationToken) => _refusal is { } refusal
        ? throw refusal
        : Task.FromResult(new LinkSession([new Uri("ws://hub/nats")], $"jwt-{Interlocked.Increment(ref _sessions)}", "seed", TimeSpan.FromMinutes(15)));

    [Fact]
    public async Task It_connects_says_here_and_says_goodbye()
    {
        await OnlineAsync();
        Assert.Equal(LinkPhase.Online, _loop.Status.Phase);
        await _loop.StopAsync();
        await ExpectAsync("goodbye 1", "close 1");
        Assert.Equal(LinkPhase.Stopped, _loop.Status.Phase);
    }

    [Fact]
    public async Task At_two_thirds_of_its_life_a_session_is_renewed_make_before_break()
    {
        await OnlineAsync();
        _time.Advance(TimeSpan.FromMinutes(9.9));
        _time.Advance(TimeSpan.FromMinutes(0.1));
        await ExpectAsync("dial 2 jwt-2", "drain 1", "close 1");
        Assert.Equal(2, _loop.Status.ConnectedCount);
        Assert.Equal(LinkPhase.Online, _loop.Status.Phase);
    }

    [Fact]
    public async Task After_a_freeze_a_live_link_is_probed_and_says_here()
    {
        await OnlineAsync();
        _loop.Resumed(new Suspension(SuspensionKind.Frozen, TimeSpan.FromSeconds(120), TimeSpan.Zero));
        await ExpectAsync("ping 1", "here 1 Resume");
    }

    [Fact]
    public async Task After_a_freeze_a_dead_link_is_replaced_without_asking_for_a_session()
    {
        await OnlineAsync();
        _dialer.Links[0].Answers = false;
        _loop.Resumed(new Suspension(SuspensionKind.Frozen, TimeSpan.FromSeconds(120), TimeSpan.Zero));
        await ExpectAsync("ping 1");

        // Exactly the probe's limit: time that ran on while the loop's threads wait for a core would end the session too.
        _time.Advance(new LinkTimings().ProbeTimeout);
        await ExpectInAnyOrderAsync("dial 2 jwt-1", "here 2 Resume", "close 1");
        Assert.Equal(2, _loop.Status.ConnectedCount);
        Assert.Equal(LinkPhase.Online, _loop.Status.Phase);
    }

    [Fact]
    public async Task Sleep_counts_against_the_life_of_the_session()
    {
        await OnlineAsync();
        _dialer.Links[0].Answers = false;
        _loop.Resumed(new Suspension(SuspensionKind.Suspended, TimeSpan.FromHours(8), TimeSpan.FromHours(8)));
        await ExpectInAnyOrderAsync("ping 1", "dial 2 jwt-2");
    }

    [Fact]
    public async Task A_revoked_device_is_shown_at_once_and_the_link_let_go()
    {
        await OnlineAsync();
        _refusal = new NodeException(NodeError.DeviceUnknown, "revoked");
        _dialer.Links[0].Watcher.Lost("closed");
        _dialer.Links[0].Watcher.Rejected("401");
        await ExpectAsync("close 1");
        Assert.Equal(LinkPhase.Revoked, _loop.Status.Phase);
        var warning = Assert.Single(_health.Visible);
        Assert.Equal("device-revoked", warning.Code);
        Assert.Equal("bowline node join HUB_URL", warning.Command);
    }

    [Fact]
    public async Task A_lost_connection_that_returns_says_here()
    {
        await OnlineAsync();
        _dialer.Links[0].Watcher.Lost("reset");
        _dialer.Links[0].Watcher.Regained();
        await ExpectAsync("here 1 Reconnect");
    }

    [Fact]
    public async Task A_hub_that_stays_away_becomes_a_health_warning_and_its_return_ends_it()
    {
        _refusal = new NodeException(NodeError.HubUnreachable, "connection refused");
        _loop.Start();
        await WhileAsync(() => _health.Visible.Count == 0, TimeSpan.FromSeconds(1));
        Assert.Equal("hub-unreachable", _health.Visible[0].Code);
        _refusal = null;
        await WhileAsync(() => _loop.Status.Phase != LinkPhase.Online, TimeSpan.FromSeconds(1));
        Assert.Empty(_health.Visible);
        Assert.Null(_loop.Status.LastError);
    }

    private async Task OnlineAsync()
    {
        _loop.Start();
        await ExpectAsync("dial 1 jwt-1", "here 1 Start");
    }

    private async Task ExpectAsync(params string[] expected)
    {
        foreach (var line in expected)
        {
            Assert.Equal(line, await _dialer.NextAsync());
        }
    }

    private async Task ExpectInAnyOrderAsync(params string[] expected)
    {
        // Other things may happen in between; the wait for one that never comes fails the test.
        var missing = expected.ToHashSet(StringComparer.Ordinal);
        while (missing.Count > 0)
        {
            missing.Remove(await _dialer.NextAsync());
        }

        Assert.Empty(missing);
    }

    /// <summary>Moves virtual time until the loop, on its own thread, has reacted.</summary>
    private async Task WhileAsync(Func<bool> condition, TimeSpan step)
    {
        var patience = TimeProvider.System.GetTimestamp();
        while (condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(patience) < TimeSpan.FromSeconds(10), "The loop did not react.");
            _time.Advance(step);
            await Task.Delay(TimeSpan.FromMilliseconds(1)); // Real time for the loop's threads: a virtual limit must not pass between two of their steps.
        }
    }
}
