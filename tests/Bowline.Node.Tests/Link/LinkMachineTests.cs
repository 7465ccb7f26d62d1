using Bowline.Node.Link;

namespace Bowline.Node.Tests.Link;

public sealed class LinkMachineTests
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(15);
    private readonly LinkTimings _timings = new();
    private readonly LinkMachine _machine;
    private TimeSpan _now = TimeSpan.FromHours(1);

    public LinkMachineTests() => _machine = new LinkMachine(_timings, new Random(1));

    [Fact]
    public void Start_asks_for_a_session_then_connects_then_says_here()
    {
        Assert.Equal(new LinkEffect.Fetch(1), Assert.Single(Do(new LinkEvent.Started())));
        Assert.Equal(new LinkEffect.Dial(2, Session()), Assert.Single(Do(new LinkEvent.SessionReceived(1, Session()))));
        Assert.Contains(new LinkEffect.SayHere(2, HereReason.Start), Do(new LinkEvent.Dialed(2)));
        Assert.Equal(LinkPhase.Online, _machine.Phase);
    }

    [Fact]
    public void A_hub_that_is_away_is_asked_for_ever_with_bounded_growing_waits()
    {
        Do(new LinkEvent.Started());
        var waits = new List<TimeSpan>();
        for (var op = 1; op <= 500; op++)
        {
            var effects = Do(new LinkEvent.SessionFailed(op, NodeError.HubUnreachable, "refused"));
            Assert.Contains(effects, effect => effect is LinkEffect.Raise { Code.Code: "hub-unreachable" });
            waits.Add(_machine.NextWake!.Value - _now);
            _now = _machine.NextWake!.Value;
            Assert.Equal(new LinkEffect.Fetch(op + 1), Assert.Single(Do(new LinkEvent.Ticked())));
        }

        Assert.All(waits, wait => Assert.InRange(wait, _timings.RetryMin, _timings.RetryMax));
        Assert.True(waits[0] <= _timings.RetryMin);
        Assert.True(waits.Skip(20).Average(wait => wait.TotalSeconds) is > 4 and < 6, "full jitter spreads waits evenly");
    }

    [Fact]
    public void A_tick_before_its_time_changes_nothing()
    {
        Do(new LinkEvent.Started());
        Do(new LinkEvent.SessionFailed(1, NodeError.HubUnreachable, "refused"));
        Assert.Empty(Do(new LinkEvent.Ticked()));
    }

    [Fact]
    public void An_unknown_device_is_not_asked_about_again_soon_and_health_says_so()
    {
        Online();
        Do(new LinkEvent.Lost(2, "closed"));
        Do(new LinkEvent.Rejected(2, "401"));
        var effects = Do(new LinkEvent.SessionFailed(3, NodeError.DeviceUnknown, "revoked"));
        Assert.Contains(effects, effect => effect is LinkEffect.Raise { Code.Code: "device-revoked" });
        Assert.Contains(new LinkEffect.Drop(2), effects);
        Assert.Equal(LinkPhase.Revoked, _machine.Phase);
        Assert.Equal(_now + _timings.RevokedRetry, _machine.NextWake);
    }

    [Fact]
    public void Renewal_makes_the_new_link_before_it_drains_the_old_one_and_says_nothing()
    {
        Online();
        Assert.Equal(_now + (Life * 2 / 3), _machine.NextWake);
        var oldEnd = _now + Life;
        _now = _machine.NextWake!.Value;
        Assert.Equal(new LinkEffect.Fetch(3), Assert.Single(Do(new LinkEvent.Ticked())));
        Assert.Equal(LinkPhase.Online, _machine.Phase);
        Do(new LinkEvent.SessionReceived(3, Session("renewed")));
        var effects = Do(new LinkEvent.Dialed(4));
        Assert.Contains(new LinkEffect.Drain(2, oldEnd - _timings.EndMargin), effects);
        Assert.DoesNotContain(effects, effect => effect is LinkEffect.SayHere or LinkEffect.Drop);
        Assert.Equal(_now + (Life * 2 / 3), _machine.NextWake);
    }

    [Theory]
    [InlineData(60, 15)]
    [InlineData(2, 0.5)]
    public void A_late_renewal_leaves_streams_the_larger_part_of_what_is_left_to_move(double left, double margin)
    {
        Online();
        var oldEnd = _now + Life;
        _now = _machine.NextWake!.Value;
        Do(new LinkEvent.Ticked());
        Do(new LinkEvent.SessionReceived(3, Session("renewed")));
        _now = oldEnd - TimeSpan.FromSeconds(left);
        Assert.Contains(new LinkEffect.Drain(2, oldEnd - TimeSpan.FromSeconds(margin)), Do(new LinkEvent.Dialed(4)));
    }

    [Fact]
    public void Renewal_that_fails_is_tried_again_while_the_link_keeps_serving()
    {
        Online();
        _now = _machine.NextWake!.Value;
        Do(new LinkEvent.Ticked());
        var effects = Do(new LinkEvent.SessionFailed(3, NodeError.HubUnavailable, "503"));
        Assert.DoesNotContain(effects, effect => effect is LinkEffect.Drop or LinkEffect.Drain);
        Assert.Equal(LinkPhase.Online, _machine.Phase);
        _now = _machine.NextWake!.Value;
        Assert.Equal(new LinkEffect.Fetch(4), Assert.Single(Do(new LinkEvent.Ticked())));
    }

    [Fact]
    public void A_lost_connection_that_returns_by_itself_says_here_and_needs_no_session()
    {
        Online();
        Assert.Empty(Do(new LinkEvent.Lost(2, "reset")));
        Assert.Equal(LinkPhase.Reconnecting, _machine.Phase);
        _now += TimeSpan.FromSeconds(1);
        Assert.Contains(new LinkEffect.SayHere(2, HereReason.Reconnect), Do(new LinkEvent.Regained(2)));
        Assert.Equal(LinkPhase.Online, _machine.Phase);
    }

    [Fact]
    public void A_lost_connection_that_does_not_return_gets_a_new_session_and_is_dropped_for_the_new_one()
    {
        Online();
        Do(new LinkEvent.Lost(2, "reset"));
        _now += _timings.ReconnectGrace;
        Assert.Equal(new LinkEffect.Fetch(3), Assert.Single(Do(new LinkEvent.Ticked())));
        Do(new LinkEvent.SessionReceived(3, Session()));
        var effects = Do(new LinkEvent.Dialed(4));
        Assert.Contains(new LinkEffect.Drop(2), effects);
        Assert.Contains(new LinkEffect.SayHere(4, HereReason.Reconnect), effects);
    }

    [Fact]
    public void A_connection_that_returns_while_a_new_one_is_dialled_wins_and_the_late_one_is_dropped()
    {
        Online();
        Do(new LinkEvent.Lost(2, "reset"));
        _now += _timings.ReconnectGrace;
        Do(new LinkEvent.Ticked());
        Do(new LinkEvent.SessionReceived(3, Session()));
        Assert.Contains(new LinkEffect.Abandon(4), Do(new LinkEvent.Regained(2)));
        Assert.Equal(new LinkEffect.Drop(4), Assert.Single(Do(new LinkEvent.Dialed(4))));
        Assert.Equal(LinkPhase.Online, _machine.Phase);
    }

    [Fact]
    public void Refused_credentials_lead_to_a_new_session_at_once()
    {
        Online();
        Do(new LinkEvent.Lost(2, "expired"));
        Assert.Equal(new LinkEffect.Fetch(3), Assert.Single(Do(new LinkEvent.Rejected(2, "authorization violation"))));
    }

    [Fact]
    public void Two_failed_connections_lead_to_a_new_session()
    {
        Do(new LinkEvent.Started());
        Do(new LinkEvent.SessionReceived(1, Session()));
        Do(new LinkEvent.DialFailed(2, NodeError.NatsUnreachable, "refused"));
        _now = _machine.NextWake!.Value;
        Assert.IsType<LinkEffect.Dial>(Assert.Single(Do(new LinkEvent.Ticked())));
        Do(new LinkEvent.DialFailed(3, NodeError.NatsUnreachable, "refused"));
        _now = _machine.NextWake!.Value;
        Assert.IsType<LinkEffect.Fetch>(Assert.Single(Do(new LinkEvent.Ticked())));
    }

    [Fact]
    public void A_resume_probes_at_once_and_a_live_link_says_here()
    {
        Online();
        _now += TimeSpan.FromSeconds(30);
        Assert.Equal(new LinkEffect.Probe(2, 1), Assert.Single(Do(new LinkEvent.Resumed())));
        Assert.Equal(new LinkEffect.SayHere(2, HereReason.Resume), Assert.Single(Do(new LinkEvent.ProbeAnswered(2, 1))));
    }

    [Fact]
    public void A_resume_with_a_dead_connection_redials_without_waiting_and_orphans_the_old_one()
    {
        Online();
        _now += TimeSpan.FromMinutes(2);
        Do(new LinkEvent.Resumed());
        Assert.Equal(new LinkEffect.Dial(3, Session()), Assert.Single(Do(new LinkEvent.ProbeFailed(2, 1))));
        Assert.Equal(LinkPhase.Reconnecting, _machine.Phase);
        var effects = Do(new LinkEvent.Dialed(3));
        Assert.Contains(new LinkEffect.Drop(2), effects);
        Assert.Contains(new LinkEffect.SayHere(3, HereReason.Resume), effects);
    }

    [Fact]
    public void A_resume_after_the_credentials_ended_gets_a_new_session_beside_the_probe()
    {
        Online();
        _now += TimeSpan.FromHours(8);
        Assert.Equal([new LinkEffect.Probe(2, 1), new LinkEffect.Fetch(3)], Do(new LinkEvent.Resumed()));
        Do(new LinkEvent.ProbeFailed(2, 1));
        Assert.Equal(new LinkEffect.Dial(4, Session("new")), Assert.Single(Do(new LinkEvent.SessionReceived(3, Session("new")))));
    }

    [Fact]
    public void A_resume_while_waiting_tries_at_once()
    {
        Do(new LinkEvent.Started());
        for (var op = 1; op < 10; op++)
        {
            Do(new LinkEvent.SessionFailed(op, NodeError.HubUnreachable, "refused"));
            _now = _machine.NextWake!.Value;
            Do(new LinkEvent.Ticked());
        }

        Do(new LinkEvent.SessionFailed(10, NodeError.HubUnreachable, "refused"));
        Assert.Equal(new LinkEffect.Fetch(11), Assert.Single(Do(new LinkEvent.Resumed())));
    }

    [Fact]
    public void A_resume_restarts_an_operation_that_may_hang_on_a_dead_socket()
    {
        Do(new LinkEvent.Started());
        Assert.Equal([new LinkEffect.Abandon(1), new LinkEffect.Fetch(2)], Do(new LinkEvent.Resumed()));
        Assert.Empty(Do(new LinkEvent.SessionReceived(1, Session("late"))));
    }

    [Fact]
    public void A_suspect_link_that_answers_late_is_kept_when_no_new_one_can_be_had()
    {
        Online();
        Do(new LinkEvent.NetworkChanged());
        Do(new LinkEvent.ProbeFailed(2, 1));
        var effects = Do(new LinkEvent.DialFailed(3, NodeError.NatsUnreachable, "no route"));
        Assert.Contains(new LinkEffect.Probe(2, 2), effects);
        Assert.Contains(new LinkEffect.SayHere(2, HereReason.Reconnect), Do(new LinkEvent.ProbeAnswered(2, 2)));
        Assert.Equal(LinkPhase.Online, _machine.Phase);
    }

    [Fact]
    public void The_answer_to_an_older_probe_does_not_condemn_the_link()
    {
        Online();
        Do(new LinkEvent.NetworkChanged());
        Do(new LinkEvent.NetworkChanged());
        Assert.Empty(Do(new LinkEvent.ProbeFailed(2, 1)));
        Assert.Equal(LinkPhase.Online, _machine.Phase);
    }

    [Fact]
    public void Stop_says_goodbye_and_late_results_are_dropped()
    {
        Online();
        _now = _machine.NextWake!.Value;
        Do(new LinkEvent.Ticked());
        Do(new LinkEvent.SessionReceived(3, Session()));
        Assert.Equal([new LinkEffect.Abandon(4), new LinkEffect.SayGoodbye(2)], Do(new LinkEvent.StopRequested()));
        Assert.Equal(new LinkEffect.Drop(4), Assert.Single(Do(new LinkEvent.Dialed(4))));
        Assert.Empty(Do(new LinkEvent.Resumed()));
        Assert.Null(_machine.NextWake);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Whatever_happens_one_operation_runs_at_a_time_and_no_link_leaks(int seed)
    {
        var random = new Random(seed);
        var open = new HashSet<int>();
        int? running = null;
        var dialing = false;
        for (var i = 0; i < 20_000; i++)
        {
            _now += TimeSpan.FromMilliseconds(random.Next(0, 20_000));
            var link = open.Count > 0 ? open.ElementAt(random.Next(open.Count)) : 0;
            var op = random.Next(4) > 0 ? running ?? 0 : random.Next(1, (running ?? 0) + 3);
            LinkEvent occurred = random.Next(12) switch
            {
                0 => new LinkEvent.SessionFailed(op, (NodeError)random.Next(3), "x"),
                1 when dialing => new LinkEvent.DialFailed(running!.Value, NodeError.CredentialsRefused, "x"),
                2 => new LinkEvent.Lost(link, "x"),
                3 => new LinkEvent.Regained(link),
                4 => new LinkEvent.Rejected(link, "x"),
                5 => new LinkEvent.ProbeAnswered(link, random.Next(5)),
                6 => new LinkEvent.ProbeFailed(link, random.Next(5)),
                7 => new LinkEvent.Resumed(),
                8 => i == 0 ? new LinkEvent.Started() : new LinkEvent.NetworkChanged(),
                9 when dialing => new LinkEvent.Dialed(running!.Value),
                10 => new LinkEvent.SessionReceived(op, Session()),
                _ => i < 10 ? new LinkEvent.Started() : new LinkEvent.Ticked(),
            };
            if (occurred is LinkEvent.Dialed dialed)
            {
                open.Add(dialed.Op);
                (running, dialing) = (null, false);
            }
            else if ((occurred is LinkEvent.SessionFailed f && f.Op == running && !dialing) || (occurred is LinkEvent.SessionReceived s && s.Op == running && !dialing)
                || occurred is LinkEvent.DialFailed)
            {
                (running, dialing) = (null, false);
            }

            foreach (var effect in Do(occurred))
            {
                switch (effect)
                {
                    case LinkEffect.Fetch fetch:
                        Assert.Null(running);
                        (running, dialing) = (fetch.Op, false);
                        break;
                    case LinkEffect.Dial dial:
                        Assert.Null(running);
                        (running, dialing) = (dial.Op, true);
                        break;
                    case LinkEffect.Abandon abandon:
                        Assert.Equal(running, abandon.Op);
                        (running, dialing) = (null, false);
                        break;
                    case LinkEffect.Drop drop:
                        Assert.True(open.Remove(drop.Link));
                        break;
                    case LinkEffect.Drain drain:
                        Assert.True(open.Remove(drain.Link));
                        break;
                    case LinkEffect.SayHere here:
                        Assert.Contains(here.Link, open);
                        break;
                    case LinkEffect.Probe probe:
                        Assert.Contains(probe.Link, open);
                        break;
                }
            }

            Assert.True(open.Count <= 1);
            Assert.True(running is not null || _machine.NextWake is not null || _machine.Phase == LinkPhase.Stopped, "nothing would ever happen again");
        }
    }

    private static LinkSession Session(string jwt = "jwt") => new(Urls, jwt, "seed", Life);

    private static readonly Uri[] Urls = [new("ws://hub/nats")];

    private void Online()
    {
        Do(new LinkEvent.Started());
        Do(new LinkEvent.SessionReceived(1, Session()));
        Do(new LinkEvent.Dialed(2));
    }

    private IReadOnlyList<LinkEffect> Do(LinkEvent occurred) => _machine.Handle(occurred, _now);
}
