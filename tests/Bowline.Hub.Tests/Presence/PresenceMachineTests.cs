using Bowline.Hub.Presence;

namespace Bowline.Hub.Tests.Presence;

public sealed class PresenceMachineTests
{
    [Fact]
    public void Nothing_is_known_at_first_and_the_first_probe_begins_at_once()
    {
        var run = new MachineRun();
        run.Send(new PresenceEvent.Tick());
        Assert.Equal((LinkState.Unknown, EvidenceMethod.None), run.Shape);
        Assert.Equal([1], run.Started);
    }

    [Fact]
    public void An_answer_is_online_with_its_round_trip_and_keeps_its_since()
    {
        var run = MachineRun.Online();
        run.RunTo(500);
        run.End(ProbeOutcome.Answered, 30);
        Assert.Equal(LinkState.Online, run.View.State);
        Assert.Equal(MachineRun.At(10), run.View.Since);
        Assert.Equal(new Evidence(EvidenceMethod.Probe, MachineRun.At(530), TimeSpan.FromMilliseconds(30)), run.View.Evidence);
    }

    [Fact]
    public void Traffic_keeps_the_last_measured_round_trip_with_its_time()
    {
        var run = MachineRun.Online();
        Assert.Equal(new RoundTrip(TimeSpan.FromMilliseconds(10), MachineRun.At(10)), run.View.RoundTrip);
        run.At(700, new PresenceEvent.Traffic());
        run.End(ProbeOutcome.TimedOut, 500);
        run.At(2100, new PresenceEvent.Traffic());
        Assert.Equal((LinkState.Online, EvidenceMethod.Traffic), run.Shape);
        Assert.Null(run.View.Evidence.RoundTrip);
        Assert.Equal(new RoundTrip(TimeSpan.FromMilliseconds(10), MachineRun.At(10)), run.View.RoundTrip);
    }

    [Fact]
    public void Probes_begin_every_half_second_while_somebody_looks_and_every_ten_seconds_otherwise()
    {
        var run = MachineRun.Online(watched: false);
        run.RunTo(9_999);
        Assert.Equal([TimeSpan.Zero], run.StartedAt);
        run.RunTo(10_000);
        run.End(ProbeOutcome.Answered);
        run.At(12_000, new PresenceEvent.Watched(true));
        run.End(ProbeOutcome.Answered);
        run.RunTo(12_500);
        run.End(ProbeOutcome.Answered);
        run.At(12_700, new PresenceEvent.Watched(false));
        run.RunTo(22_699);
        Assert.Equal([0, 10_000, 12_000, 12_500], run.StartedAt.Select(t => (int)t.TotalMilliseconds));
        run.RunTo(22_700);
        Assert.Equal(5, run.Started.Count);
    }

    [Fact]
    public void A_frozen_node_is_unknown_within_the_timeout_and_repeated_timeouts_keep_their_since()
    {
        var run = MachineRun.Online();
        run.RunTo(500);
        run.End(ProbeOutcome.TimedOut, 500);
        Assert.Equal((LinkState.Unknown, EvidenceMethod.ProbeTimeout), run.Shape);
        run.End(ProbeOutcome.TimedOut, 500);
        Assert.Equal(MachineRun.At(1000), run.View.Since);
        run.End(ProbeOutcome.Answered);
        Assert.Equal(LinkState.Online, run.View.State);
    }

    [Fact]
    public void A_probe_that_nobody_ends_is_given_up()
    {
        var run = MachineRun.Online();
        run.RunTo(1099);
        Assert.Equal(LinkState.Online, run.View.State);
        run.RunTo(1100);
        Assert.Equal((LinkState.Unknown, EvidenceMethod.ProbeTimeout), run.Shape);
        Assert.Equal([2], run.Cancelled);
    }

    [Fact]
    public void Evidence_older_than_25_seconds_is_unknown_since_the_moment_it_went_stale()
    {
        var run = MachineRun.Online(watched: false);
        foreach (var at in new[] { 10_000, 20_000 })
        {
            run.RunTo(at);
            run.Send(new PresenceEvent.ProbeEnded(run.State.Probe!.Value.Id, (ProbeOutcome)99, default)); // Says nothing at all.
        }

        run.RunTo(25_009);
        Assert.Equal(LinkState.Online, run.View.State);
        run.RunTo(25_500);
        Assert.Equal((LinkState.Unknown, MachineRun.At(25_010)), (run.View.State, run.View.Since));
    }

    [Fact]
    public void A_sign_of_life_since_the_probe_began_outweighs_its_timeout_and_its_no_responders()
    {
        foreach (var outcome in new[] { ProbeOutcome.TimedOut, ProbeOutcome.NoResponders })
        {
            var run = MachineRun.Online();
            run.At(700, new PresenceEvent.Traffic());
            run.End(outcome, 500);
            Assert.Equal(LinkState.Online, run.View.State);
        }
    }

    [Fact]
    public void Frames_prove_life_and_replace_a_proof_of_absence()
    {
        var run = MachineRun.Online();
        run.RunTo(500);
        run.End(ProbeOutcome.NoResponders, 1);
        Assert.Equal((LinkState.Offline, EvidenceMethod.NoResponders), run.Shape);
        run.At(700, new PresenceEvent.Traffic());
        Assert.Equal((LinkState.Online, EvidenceMethod.Traffic), run.Shape);
        var shows = run.Shows;
        run.At(750, new PresenceEvent.Traffic());
        Assert.Equal(shows, run.Shows); // A young proof is not refreshed by every frame.
    }

    [Fact]
    public void What_was_under_way_at_a_goodbye_does_not_bring_the_link_back()
    {
        var run = MachineRun.Online();
        run.RunTo(500);
        run.Send(new PresenceEvent.Goodbye());
        run.At(505, new PresenceEvent.Traffic());
        run.End(ProbeOutcome.Answered, 20); // Began before it.
        run.At(600, new PresenceEvent.SocketClosed());
        run.RunTo(1000);
        run.End(ProbeOutcome.TimedOut, 500); // Reached a node that was closing.
        Assert.Equal((LinkState.Offline, EvidenceMethod.Goodbye, MachineRun.At(500)), (run.View.State, run.View.Evidence.Method, run.View.Since));
        run.End(ProbeOutcome.Answered); // Began just as the second was over.
        run.RunTo(2000);
        Assert.Equal(LinkState.Offline, run.View.State);
        run.End(ProbeOutcome.Answered);
        Assert.Equal(LinkState.Online, run.View.State);
    }

    [Fact]
    public void A_closed_socket_is_offline_at_once_and_a_probe_that_begins_after_it_counts()
    {
        var run = MachineRun.Online();
        run.At(600, new PresenceEvent.SocketClosed());
        Assert.Equal((LinkState.Offline, EvidenceMethod.Disconnected), run.Shape);
        run.End(ProbeOutcome.Answered, 110); // Began at 500.
        Assert.Equal(LinkState.Offline, run.View.State);
        run.RunTo(1000);
        run.End(ProbeOutcome.Answered);
        Assert.Equal(LinkState.Online, run.View.State);
    }

    [Fact]
    public void Here_probes_at_once_in_place_of_the_probe_under_way_and_alone_proves_nothing()
    {
        var run = MachineRun.Online();
        run.At(600, new PresenceEvent.SocketClosed());
        run.At(700, new PresenceEvent.Here());
        Assert.Equal((2L, 3L), (run.Cancelled.Single(), run.Started[^1]));
        Assert.Equal(LinkState.Offline, run.View.State);
        run.End(ProbeOutcome.Answered, 2);
        Assert.Equal((LinkState.Online, MachineRun.At(702)), (run.View.State, run.View.Since));
    }

    [Fact]
    public void A_node_that_says_here_in_a_loop_gets_ten_probes_a_second()
    {
        var run = MachineRun.Online();
        for (var at = 1000; at < 2000; at++)
        {
            run.At(at, new PresenceEvent.Here());
            if (run.State.Probe is { } probe && run.Now - probe.StartedAt >= TimeSpan.FromMilliseconds(1))
            {
                run.End(ProbeOutcome.Answered, 1);
            }
        }

        Assert.InRange(run.StartedAt.Count(t => t >= TimeSpan.FromSeconds(1)), 9, 11);
    }

    [Fact]
    public void The_timeout_follows_the_round_trip_between_its_bounds()
    {
        var run = MachineRun.Online();
        Assert.Equal(TimeSpan.FromMilliseconds(500), run.State.ProbeTimeout);
        for (var i = 0; i < 60; i++)
        {
            run.RunTo(1000 * (i + 1));
            run.End(ProbeOutcome.Answered, 400);
        }

        Assert.InRange(run.State.ProbeTimeout, TimeSpan.FromMilliseconds(1500), TimeSpan.FromMilliseconds(1600));
        run.RunTo(70_000);
        run.Send(new PresenceEvent.ProbeEnded(run.State.Probe!.Value.Id, ProbeOutcome.Answered, TimeSpan.FromMinutes(10)));
        Assert.Equal(PresenceTimings.LongestTimeout, run.State.ProbeTimeout);
    }

    [Fact]
    public void A_ping_joins_the_probe_under_way_or_begins_one()
    {
        var run = MachineRun.Online(watched: false);
        run.At(1000, new PresenceEvent.Asked());
        run.At(1005, new PresenceEvent.Asked());
        Assert.Equal(2, run.Started.Count);
        run.End(ProbeOutcome.Answered);
        Assert.Null(run.State.Probe);
    }
}
