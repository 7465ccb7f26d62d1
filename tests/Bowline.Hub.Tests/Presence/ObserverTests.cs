using Bowline.Hub.Presence;

namespace Bowline.Hub.Tests.Presence;

/// <summary>The hub itself was frozen, slept, or lost NATS: that says nothing about the nodes.</summary>
public sealed class ObserverTests
{
    [Fact]
    public void A_hub_that_was_frozen_shows_unknown_and_probes_at_once()
    {
        var run = MachineRun.Online();
        run.RunTo(500);
        run.Freeze(30_000);
        run.Send(new PresenceEvent.ProbeEnded(2, ProbeOutcome.TimedOut, TimeSpan.FromSeconds(30)));
        Assert.Equal((LinkState.Unknown, EvidenceMethod.Probe), run.Shape); // The proof shown is still the node's last one.
        Assert.Equal((2L, 3L), (run.Cancelled.Single(), run.Started[^1]));
        run.End(ProbeOutcome.Answered);
        Assert.Equal(LinkState.Online, run.View.State);
    }

    [Fact]
    public void Sockets_that_closed_while_the_hub_was_frozen_sweep_nobody_offline()
    {
        var run = MachineRun.Online();
        run.RunTo(500);
        run.Freeze(10_000);
        run.Send(new PresenceEvent.SocketClosed());
        run.End(ProbeOutcome.NoResponders, 1);
        Assert.Equal(LinkState.Unknown, run.View.State);
        run.Send(new PresenceEvent.Here());
        run.RunTo((int)run.Now.TotalMilliseconds + 150);
        run.End(ProbeOutcome.Answered);
        Assert.Equal(LinkState.Online, run.View.State);
    }

    [Fact]
    public void A_node_that_is_still_absent_after_the_grace_is_offline()
    {
        var run = MachineRun.Online();
        run.Freeze(10_000);
        var thawed = (int)run.Now.TotalMilliseconds;
        run.Send(new PresenceEvent.Tick());
        while (run.View.State == LinkState.Unknown)
        {
            run.RunTo((int)run.State.Due.TotalMilliseconds);
            run.End(ProbeOutcome.NoResponders, 1);
        }

        Assert.Equal((LinkState.Offline, EvidenceMethod.NoResponders), run.Shape);
        Assert.InRange((run.Now - TimeSpan.FromMilliseconds(thawed)).TotalSeconds, 5, 6);
    }

    [Fact]
    public void Frames_that_waited_in_the_hubs_own_buffers_prove_nothing()
    {
        var run = MachineRun.Online();
        run.Freeze(10_000);
        run.Send(new PresenceEvent.Traffic());
        Assert.Equal(LinkState.Unknown, run.View.State);
    }

    [Fact]
    public void A_goodbye_is_believed_even_then()
    {
        var run = MachineRun.Online();
        run.Freeze(10_000);
        run.Send(new PresenceEvent.Goodbye());
        Assert.Equal((LinkState.Offline, EvidenceMethod.Goodbye), run.Shape);
    }

    [Theory]
    [InlineData(7200)]
    [InlineData(-7200)]
    public void A_step_of_the_wall_clock_shows_unknown_and_probes_at_once(int seconds)
    {
        var run = MachineRun.Online(watched: false);
        run.RunTo(3000);
        run.StepWall(TimeSpan.FromSeconds(seconds));
        run.Send(new PresenceEvent.Tick());
        Assert.Equal(LinkState.Unknown, run.View.State);
        Assert.Equal(2, run.Started.Count);
        run.End(ProbeOutcome.Answered);
        Assert.Equal((LinkState.Online, MachineRun.At(3010).AddSeconds(seconds)), (run.View.State, run.View.Since));
        run.RunTo(9000);
        Assert.Equal(LinkState.Online, run.View.State);
    }

    [Fact]
    public void Without_nats_everything_is_unknown_and_is_asked_again_until_it_is_back()
    {
        var run = MachineRun.Online(watched: false);
        run.At(1000, new PresenceEvent.Blind());
        Assert.Equal((LinkState.Unknown, MachineRun.At(1000)), (run.View.State, run.View.Since));
        for (var i = 0; i < 20; i++)
        {
            run.End(ProbeOutcome.Impossible, 0);
            run.RunTo((int)run.State.Due.TotalMilliseconds);
        }

        Assert.Equal(MachineRun.At(1000), run.View.Since);
        Assert.Equal(11_000, run.Now.TotalMilliseconds);
        run.End(ProbeOutcome.Answered);
        Assert.Equal(LinkState.Online, run.View.State);
        run.RunTo((int)run.Now.TotalMilliseconds + 400);
        Assert.Null(run.State.Probe);
    }

    [Fact]
    public void A_delay_of_a_busy_machine_is_no_freeze()
    {
        var run = MachineRun.Online();
        run.Freeze(1400); // The tick was due at 500 ms.
        run.Send(new PresenceEvent.Tick());
        Assert.Equal(LinkState.Online, run.View.State);
    }
}
