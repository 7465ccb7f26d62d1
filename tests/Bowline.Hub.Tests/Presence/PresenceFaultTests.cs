using System.Diagnostics;
using Bowline.Hub.NatsServer;
using Bowline.Hub.Tests.Support;
using Bowline.Testing.Network;
using Bowline.Testing.Processes;

namespace Bowline.Hub.Tests.Presence;

/// <summary>A real hub and nats-server, a small node, and what goes wrong between them.</summary>
public sealed class PresenceFaultTests
{
    private static readonly TimeSpan BlackHoleTarget = TimeSpan.FromSeconds(3);

    [Fact]
    public async Task A_black_hole_shows_unknown_by_the_missing_answer_and_online_again_when_it_heals()
    {
        await using var hub = await HubFixture.StartAsync();
        await using var proxy = FaultProxy.Start(hub.App.Url.Port);
        using var device = await hub.EnrolAsync();
        using var client = hub.Operator();
        await using var events = await LinkEvents.OpenAsync(client);
        await using var node = await TestNode.StartAsync(hub, device, proxy.Port);
        await events.UntilAsync("online");
        var start = Stopwatch.GetTimestamp();
        proxy.BlackHole();
        var unknown = await events.UntilAsync("unknown");
        Assert.True(Stopwatch.GetElapsedTime(start) < BlackHoleTarget);
        Assert.Equal("probe-timeout", unknown.GetProperty("evidence").GetProperty("method").GetString());
        proxy.Heal();
        await events.UntilAsync("online");
    }

    [Fact]
    public async Task A_nats_server_that_stands_still_makes_links_unknown_and_none_offline()
    {
        await using var hub = await HubFixture.StartAsync();
        using var device = await hub.EnrolAsync();
        using var client = hub.Operator();
        await using var events = await LinkEvents.OpenAsync(client);
        await using var node = await TestNode.StartAsync(hub, device);
        await events.UntilAsync("online");
        var nats = hub.Get<EmbeddedNats>().ProcessId!.Value;
        Signals.Send(nats, Signals.Stop);
        try
        {
            Assert.Equal("unknown", await LeavesAsync(events, "online"));
        }
        finally
        {
            Signals.Send(nats, Signals.Continue);
        }

        Assert.Equal("online", await LeavesAsync(events, "unknown"));
    }

    [Fact]
    public async Task A_nats_server_that_dies_makes_links_unknown_until_both_are_back()
    {
        await using var hub = await HubFixture.StartAsync();
        using var device = await hub.EnrolAsync();
        using var client = hub.Operator();
        await using var events = await LinkEvents.OpenAsync(client);
        await using var node = await TestNode.StartAsync(hub, device);
        await events.UntilAsync("online");
        Signals.Send(hub.Get<EmbeddedNats>().ProcessId!.Value, Signals.Kill);
        Assert.Equal("unknown", await LeavesAsync(events, "online"));
        Assert.Equal("online", await LeavesAsync(events, "unknown"));
    }

    [Fact]
    public async Task A_hub_whose_clock_jumped_sweeps_nobody_offline()
    {
        await using var hub = await HubFixture.StartAsync();
        using var device = await hub.EnrolAsync();
        using var client = hub.Operator();
        await using var events = await LinkEvents.OpenAsync(client);
        await using var node = await TestNode.StartAsync(hub, device);
        var link = await events.UntilAsync("online");
        var since = link.GetProperty("since").GetDateTimeOffset();
        hub.Time.Advance(TimeSpan.FromMinutes(2));
        var states = new List<string>();
        await events.UntilAsync(l =>
        {
            states.Add(l.GetProperty("state").GetString()!);
            return states[^1] == "online" && l.GetProperty("since").GetDateTimeOffset() != since;
        });
        Assert.DoesNotContain("offline", states);
    }

    /// <summary>The first state that is shown instead of this one.</summary>
    private static async Task<string> LeavesAsync(LinkEvents events, string state) =>
        (await events.UntilAsync(l => l.GetProperty("state").GetString() != state)).GetProperty("state").GetString()!;
}
