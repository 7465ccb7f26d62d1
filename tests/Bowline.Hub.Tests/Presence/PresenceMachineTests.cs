using Bowline.Hub.Presence;
using FsCheck;
using FsCheck.Fluent;

namespace Bowline.Hub.Tests.Presence;

public sealed class PresenceMachineTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly PresenceMachine _machine = new(Start);

    [Fact]
    public void Nothing_is_known_at_first() => Assert.Equal((LinkState.Unknown, Start), (View(0).State, View(0).Since));

    [Fact]
    public void An_answer_is_online_with_its_round_trip_and_keeps_its_since()
    {
        _machine.Answered(At(1000), At(1020));
        _machine.Answered(At(2000), At(2030));
        var view = View(2030);
        Assert.Equal(LinkState.Online, view.State);
        Assert.Equal(At(1020), view.Since);
        Assert.Equal(new Evidence(EvidenceMethod.Probe, At(2030), TimeSpan.FromMilliseconds(30)), view.Evidence);
    }

    [Fact]
    public void Evidence_older_than_25_seconds_is_unknown_since_the_moment_it_went_stale()
    {
        _machine.Answered(At(0), At(10));
        Assert.Equal(LinkState.Online, View(25_010).State);
        var view = View(60_000);
        Assert.Equal((LinkState.Unknown, At(25_010)), (view.State, view.Since));
        _machine.NoResponders(At(60_000), At(60_001));
        Assert.Equal((LinkState.Offline, At(60_001)), (View(60_001).State, View(60_001).Since));
        Assert.Equal(LinkState.Unknown, View(90_000).State);
    }

    [Fact]
    public void A_timeout_is_unknown_and_repeated_timeouts_keep_their_since()
    {
        _machine.Answered(At(0), At(10));
        _machine.TimedOut(At(500), At(1000));
        _machine.TimedOut(At(1000), At(1500));
        Assert.Equal((LinkState.Unknown, At(1000)), (View(1500).State, View(1500).Since));
        Assert.Equal(EvidenceMethod.ProbeTimeout, View(1500).Evidence.Method);
    }

    [Fact]
    public void Traffic_since_the_probe_began_outweighs_its_timeout_and_its_no_responders()
    {
        _machine.Traffic(At(700));
        _machine.TimedOut(At(500), At(1000));
        Assert.Equal(LinkState.Online, View(1000).State);
        _machine.NoResponders(At(600), At(1001));
        Assert.Equal(LinkState.Online, View(1001).State);
    }

    [Fact]
    public void What_was_under_way_at_a_goodbye_does_not_bring_the_link_back()
    {
        _machine.Answered(At(0), At(10));
        _machine.Goodbye(At(1000));
        _machine.Traffic(At(1001));
        _machine.Answered(At(900), At(1002));
        _machine.Answered(At(1100), At(1102));
        _machine.Disconnected(At(1200));
        _machine.TimedOut(At(1150), At(1650));
        Assert.Equal((LinkState.Offline, EvidenceMethod.Goodbye, At(1000)), (View(1700).State, View(1700).Evidence.Method, View(1700).Since));
        _machine.Answered(At(2300), At(2310));
        Assert.Equal(LinkState.Online, View(2310).State);
    }

    [Fact]
    public void A_node_that_says_here_is_believed_at_once()
    {
        _machine.Disconnected(At(1000));
        Assert.Equal(EvidenceMethod.Disconnected, View(1000).Evidence.Method);
        _machine.Here();
        _machine.Answered(At(1010), At(1015));
        Assert.Equal((LinkState.Online, At(1015)), (View(1015).State, View(1015).Since));
    }

    [Fact]
    public void Here_alone_proves_nothing()
    {
        _machine.Here();
        Assert.Equal(LinkState.Unknown, View(1).State);
    }

    [Fact]
    public void The_probe_timeout_follows_the_round_trip_and_has_a_floor()
    {
        Assert.Equal(TimeSpan.FromMilliseconds(500), _machine.ProbeTimeout);
        _machine.Answered(At(0), At(400));
        Assert.Equal(TimeSpan.FromMilliseconds(1600), _machine.ProbeTimeout);
        for (var i = 0; i < 100; i++)
        {
            _machine.Answered(At(1000 + i), At(1001 + i));
        }

        Assert.Equal(TimeSpan.FromMilliseconds(500), _machine.ProbeTimeout);
    }

    [Fact]
    public void Whatever_happens_since_never_lies_in_the_future_and_stale_evidence_never_shows_a_state()
    {
        var steps = Gen.Zip(Gen.Choose(0, 7), Gen.Choose(0, 30_000)).ListOf();
        Prop.ForAll(steps.ToArbitrary(), list =>
        {
            var machine = new PresenceMachine(Start);
            var now = Start;
            var last = machine.At(now);
            foreach (var (kind, wait) in list)
            {
                now += TimeSpan.FromMilliseconds(wait);
                var began = now - TimeSpan.FromMilliseconds(wait % 700);
                switch (kind)
                {
                    case 0: machine.Answered(began, now); break;
                    case 1: machine.Traffic(now); break;
                    case 2: machine.NoResponders(began, now); break;
                    case 3: machine.TimedOut(began, now); break;
                    case 4: machine.Disconnected(now); break;
                    case 5: machine.Goodbye(now); break;
                    case 6: machine.Here(); break;
                    default: break;
                }

                var view = machine.At(now);
                if (view.Since > now || view.Since < last.Since
                    || (view.State == last.State && view.Since != last.Since && now - last.Evidence.At <= PresenceMachine.Stale)
                    || (view.State != LinkState.Unknown && (now - view.Evidence.At > PresenceMachine.Stale || view.Evidence.State != view.State)))
                {
                    return false;
                }

                last = view;
            }

            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000).WithReplay(20261121, 3));
    }

    private static DateTimeOffset At(int milliseconds) => Start.AddMilliseconds(milliseconds);

    private PresenceView View(int milliseconds) => _machine.At(At(milliseconds));
}
