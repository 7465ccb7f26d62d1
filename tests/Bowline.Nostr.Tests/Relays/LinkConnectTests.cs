namespace Bowline.Nostr.Tests.Relays;

public sealed class LinkConnectTests
{
    [Fact]
    public void It_dials_for_ever_with_waits_that_double_to_half_a_minute()
    {
        var driver = new LinkDriver(random: new FixedRandom(1));
        driver.Do(new LinkEvent.Started());
        List<double> waits = [];
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(RelayPhase.Connecting, driver.Machine.Phase);
            driver.Do(new LinkEvent.DialFailed(driver.Op, "refused"));
            var wait = driver.Machine.NextWake!.Value - driver.Elapsed;
            waits.Add(wait.TotalSeconds);
            driver.Pass(wait);
        }

        Assert.Equal([0.25, 0.5, 1, 2, 4, 8, 16, 30, 30], waits.Take(9));
        Assert.All(waits.Skip(9), static wait => Assert.Equal(30, wait));
    }

    [Fact]
    public void The_waits_are_spread()
    {
        var driver = new LinkDriver(random: new FixedRandom(0));
        driver.Do(new LinkEvent.Started());
        for (var i = 0; i < 10; i++)
        {
            driver.Do(new LinkEvent.DialFailed(driver.Op, "refused"));
            Assert.Equal(TimeSpan.FromSeconds(0.25), driver.Machine.NextWake - driver.Elapsed);
            driver.Pass(TimeSpan.FromSeconds(0.25));
        }
    }

    [Fact]
    public void A_socket_that_lived_makes_the_wait_short_again_and_one_that_did_not_does_not()
    {
        var driver = new LinkDriver(random: new FixedRandom(1));
        driver.Open();
        driver.Do(new LinkEvent.Lost(driver.Op, "cut"));
        driver.Pass(TimeSpan.FromSeconds(0.25));
        driver.Open();
        driver.Do(new LinkEvent.Lost(driver.Op, "cut"));
        Assert.Equal(TimeSpan.FromSeconds(0.5), driver.Machine.NextWake - driver.Elapsed);
        driver.Pass(TimeSpan.FromSeconds(0.5));
        driver.Open();
        driver.Pass(driver.Options.StableAfter);
        driver.Do(new LinkEvent.Lost(driver.Op, "cut"));
        Assert.Equal(TimeSpan.FromSeconds(0.25), driver.Machine.NextWake - driver.Elapsed);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_wait_ends_at_once_when_the_process_resumes_or_the_network_changes(bool resumed)
    {
        var driver = new LinkDriver();
        driver.Do(new LinkEvent.Started());
        driver.Do(new LinkEvent.DialFailed(driver.Op, "refused"));
        var effects = driver.Do(resumed ? new LinkEvent.Resumed() : new LinkEvent.NetworkChanged());
        Assert.IsType<LinkEffect.Dial>(Assert.Single(effects));
    }

    [Fact]
    public void A_dial_that_was_begun_before_a_change_is_begun_anew()
    {
        var driver = new LinkDriver();
        driver.Do(new LinkEvent.Started());
        var first = driver.Op;
        driver.Do(new LinkEvent.NetworkChanged());
        Assert.NotEqual(first, driver.Op);
        var late = driver.Do(new LinkEvent.Dialed(first));
        Assert.Equal(first, Assert.IsType<LinkEffect.Orphan>(Assert.Single(late)).Op);
        driver.Do(new LinkEvent.DialFailed(first, "cancelled"));
        Assert.Equal(RelayPhase.Connecting, driver.Machine.Phase);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void After_a_freeze_the_socket_has_to_answer_in_time_or_another_is_dialled(bool answers)
    {
        var driver = new LinkDriver();
        driver.Open();
        driver.Do(new LinkEvent.Resumed());
        var probe = Assert.IsType<ClientRequestMessage>(Assert.Single(driver.Drain()));

        // What had arrived before the freeze proves nothing.
        driver.Receive(new RelayNoticeMessage("old"));
        if (answers)
        {
            driver.Receive(new RelayEndOfStoredMessage(probe.SubscriptionId));
            Assert.Equal(new ClientCloseMessage(probe.SubscriptionId), Assert.Single(driver.Drain()));
        }

        var op = driver.Op;
        driver.Pass(driver.Options.ProbeTimeout);
        Assert.Equal(answers ? RelayPhase.Open : RelayPhase.Connecting, driver.Machine.Phase);
        Assert.Equal(answers, op == driver.Op);
    }

    [Fact]
    public void A_relay_that_sends_garbage_is_struck_out_and_left_alone_for_the_longest_wait()
    {
        var driver = new LinkDriver();
        driver.Open();
        for (var i = 0; i < driver.Options.MaxStrikes; i++)
        {
            Assert.Equal(RelayPhase.Open, driver.Machine.Phase);
            driver.Do(new LinkEvent.Garbage(driver.Op, "not JSON", IsForged: i % 2 == 0));
        }

        Assert.Equal(RelayPhase.Waiting, driver.Machine.Phase);
        Assert.Equal(driver.Options.RetryMax, driver.Machine.NextWake - driver.Elapsed);
        Assert.Equal((10, 10), (driver.Machine.Forged, driver.Machine.Malformed));
        Assert.Contains(driver.Effects, static effect => effect is LinkEffect.Raise { Code.Code: "relay-forged-events" });
        Assert.Contains(driver.Effects, static effect => effect is LinkEffect.Raise { Code.Code: "relay-garbage" });
    }

    [Fact]
    public void Closing_ends_everything_and_nothing_happens_after()
    {
        var driver = new LinkDriver();
        driver.Open();
        using var key = NostrKey.Create();
        var subscription = driver.Subscribe(new NostrFilter { Kinds = [1] });
        var publish = driver.Publish(key.Sign(1, "x", null, 1));
        driver.Do(new LinkEvent.Stopped());
        Assert.Contains(driver.Effects, effect => effect is LinkEffect.Ended { Error.Error: RelayError.Closed } ended && ended.Subscription == subscription);
        Assert.Equal(RelayPublishStatus.Unreachable, driver.OutcomeOf(publish)!.Status);
        Assert.Null(driver.Machine.NextWake);
        Assert.Empty(driver.Do(new LinkEvent.Resumed()));
    }
}
