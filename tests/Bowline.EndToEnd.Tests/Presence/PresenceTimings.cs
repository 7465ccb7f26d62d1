using System.Diagnostics;
using System.Globalization;
using Bowline.EndToEnd.Tests.Support;
using Bowline.Testing.Processes;

namespace Bowline.EndToEnd.Tests.Presence;

/// <summary>
/// How soon presence tells the truth, with real processes. Once each in <c>make test</c>, where the bound is twice the target
/// because a test machine may be busy; <c>make presence</c> repeats each, holds the median to the target and writes a report.
/// </summary>
public sealed class PresenceTimings(PresenceReport report) : IClassFixture<PresenceReport>
{
    private static readonly int Runs = int.Parse(Environment.GetEnvironmentVariable("BOWLINE_PRESENCE_RUNS") ?? "1", CultureInfo.InvariantCulture);

    // Long freezes are repeated less: twenty of two minutes would take most of an hour.
    private static readonly int LongRuns = Math.Max(1, Runs / 7);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_graceful_stop_shows_as_offline_within_250_ms()
    {
        await using var link = await LinkedNode.StartAsync(Token);
        await RepeatAsync("stop, offline", TimeSpan.FromMilliseconds(250), Runs, link, async () =>
        {
            var start = Stopwatch.GetTimestamp();
            link.Node.Process.Signal(Signals.Terminate);
            var shown = await OfflineAsync(link, start);
            Assert.Equal(0, await link.Node.Process.WaitForExitAsync(LinkedNode.Patience, Token));
            return shown;
        }, () => link.RestartAsync(Token));
    }

    [Fact]
    public async Task A_killed_node_shows_as_offline_within_2_s()
    {
        await using var link = await LinkedNode.StartAsync(Token);
        await RepeatAsync("kill -9, offline", TimeSpan.FromSeconds(2), Runs, link, () =>
        {
            var start = Stopwatch.GetTimestamp();
            link.Node.Process.Signal(Signals.Kill);
            return OfflineAsync(link, start);
        }, () => link.RestartAsync(Token));
    }

    [Fact]
    public async Task A_frozen_node_shows_as_unknown_within_2_s_and_serves_within_1_s_of_its_return()
    {
        await using var link = await LinkedNode.StartAsync(Token);
        var returns = new List<TimeSpan>();
        await RepeatAsync("SIGSTOP, unknown", TimeSpan.FromSeconds(2), Runs, link, async () =>
        {
            var (shown, returned) = await FreezeAsync(link, TimeSpan.FromSeconds(2));
            returns.Add(returned);
            return shown;
        });
        Judge("SIGCONT after 2 s, online and serving", TimeSpan.FromSeconds(1), returns, link);
    }

    // Takes minutes, so it runs only when asked for: make presence does.
    [Theory(Explicit = true)]
    [InlineData(30)]
    [InlineData(120)]
    public async Task A_node_frozen_for_long_serves_within_1_s_of_its_return(int seconds)
    {
        await using var link = await LinkedNode.StartAsync(Token);
        await RepeatAsync($"SIGCONT after {seconds} s, online and serving", TimeSpan.FromSeconds(1), LongRuns, link, async () => (await FreezeAsync(link, TimeSpan.FromSeconds(seconds))).Returned);
    }

    [Fact]
    public async Task A_black_holed_connection_shows_as_unknown_within_3_s()
    {
        await using var link = await LinkedNode.StartAsync(Token, proxied: true);
        await RepeatAsync("black hole, unknown", TimeSpan.FromSeconds(3), Runs, link, async () =>
        {
            var start = Stopwatch.GetTimestamp();
            link.Hub.Proxy.BlackHole();
            var shown = await link.Watch.WaitAsync("unknown", LinkedNode.Patience, Token);
            return Stopwatch.GetElapsedTime(start, shown.At);
        }, async () =>
        {
            link.Hub.Proxy.Heal();
            await link.Watch.WaitAsync("online", LinkedNode.Patience, Token);
            await link.ServesAsync(LinkedNode.Patience, Token);
        });
    }

    private static async Task<TimeSpan> OfflineAsync(LinkedNode link, long start)
    {
        var shown = await link.Watch.WaitAsync("offline", LinkedNode.Patience, Token);
        return Stopwatch.GetElapsedTime(start, shown.At);
    }

    /// <summary>Freezes the node for as long; returns how soon that was shown, and how soon it was online and serving again.</summary>
    private static async Task<(TimeSpan Shown, TimeSpan Returned)> FreezeAsync(LinkedNode link, TimeSpan length)
    {
        var start = Stopwatch.GetTimestamp();
        link.Node.Freeze();
        var shown = await link.Watch.WaitAsync("unknown", LinkedNode.Patience, Token);
        if (length - Stopwatch.GetElapsedTime(start) is { Ticks: > 0 } rest)
        {
            await Task.Delay(rest, Token);
        }

        link.Watch.Forget();
        var back = Stopwatch.GetTimestamp();
        link.Node.Thaw();
        var online = link.Watch.WaitAsync("online", LinkedNode.Patience, Token);
        var served = await link.ServesAsync(LinkedNode.Patience, Token);
        var later = Math.Max(served, (await online).At);
        return (Stopwatch.GetElapsedTime(start, shown.At), Stopwatch.GetElapsedTime(back, later));
    }

    private async Task RepeatAsync(string name, TimeSpan target, int runs, LinkedNode link, Func<Task<TimeSpan>> measure, Func<Task>? restore = null)
    {
        var times = new List<TimeSpan>();
        for (var run = 0; run < runs; run++)
        {
            if (run > 0 && restore is not null)
            {
                await restore();
            }

            link.Watch.Forget();
            times.Add(await measure());
        }

        Judge(name, target, times, link);
    }

    private void Judge(string name, TimeSpan target, List<TimeSpan> times, LinkedNode link)
    {
        report.Add(name, target, times);
        var (found, bound) = times.Count == 1 ? (times[0], target * 2) : (times.Order().ElementAt((times.Count - 1) / 2), target);
        Assert.True(found <= bound, $"{name}: {found.TotalMilliseconds:0} ms, allowed {bound.TotalMilliseconds:0} ms.\nnode:\n{link.Node.Process.Output}");
    }
}
