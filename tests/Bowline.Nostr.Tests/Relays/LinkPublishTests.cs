namespace Bowline.Nostr.Tests.Relays;

public sealed class LinkPublishTests : IDisposable
{
    private readonly NostrKey _key = NostrKey.Create();
    private readonly NostrKey _other = NostrKey.Create();

    public void Dispose()
    {
        _key.Dispose();
        _other.Dispose();
    }

    [Theory]
    [InlineData(true, "", RelayPublishStatus.Accepted, RelayReason.None)]
    [InlineData(true, "duplicate: again", RelayPublishStatus.Accepted, RelayReason.Duplicate)]
    [InlineData(false, "duplicate: again", RelayPublishStatus.Accepted, RelayReason.Duplicate)]
    [InlineData(false, "pow: 20 bits", RelayPublishStatus.Rejected, RelayReason.ProofOfWork)]
    [InlineData(false, "blocked: no", RelayPublishStatus.Rejected, RelayReason.Blocked)]
    [InlineData(false, "rate-limited: slow", RelayPublishStatus.Rejected, RelayReason.RateLimited)]
    [InlineData(false, "invalid:no space", RelayPublishStatus.Rejected, RelayReason.Invalid)]
    [InlineData(false, "restricted: no", RelayPublishStatus.Rejected, RelayReason.Restricted)]
    [InlineData(false, "auth-required: who", RelayPublishStatus.Rejected, RelayReason.AuthRequired)]
    [InlineData(false, "mute: nobody", RelayPublishStatus.Rejected, RelayReason.Mute)]
    [InlineData(false, "error: disk", RelayPublishStatus.Rejected, RelayReason.Error)]
    [InlineData(false, "what: ever", RelayPublishStatus.Rejected, RelayReason.Other)]
    public void The_relays_answer_is_the_outcome(bool accepted, string text, RelayPublishStatus status, RelayReason reason)
    {
        var driver = new LinkDriver();
        driver.Open();
        var value = _key.Sign(1, "x", null, 1);
        var publish = driver.Publish(value);
        Assert.IsType<ClientEventMessage>(Assert.Single(driver.Drain()));
        driver.Receive(new RelayOkMessage(value.Id, accepted, text));
        Assert.Equal(new RelayPublishOutcome(LinkDriver.Relay, status, reason, text), driver.OutcomeOf(publish));
    }

    [Fact]
    public void Without_a_connection_it_waits_and_without_an_answer_it_is_sent_again()
    {
        var driver = new LinkDriver();
        driver.Do(new LinkEvent.Started());
        driver.Do(new LinkEvent.DialFailed(driver.Op, "refused"));
        var value = _key.Sign(1, "x", null, 1);
        var publish = driver.Publish(value);
        driver.Pass(TimeSpan.FromSeconds(1));
        driver.Do(new LinkEvent.Dialed(driver.Op));
        Assert.Single(driver.Drain());
        driver.Do(new LinkEvent.Lost(driver.Op, "cut"));
        driver.Pass(TimeSpan.FromSeconds(2));
        driver.Do(new LinkEvent.Dialed(driver.Op));
        Assert.Single(driver.Drain());
        driver.Receive(new RelayOkMessage(value.Id, Accepted: true, ""));
        Assert.True(driver.OutcomeOf(publish)!.IsAccepted);
    }

    [Theory]
    [InlineData(true, RelayPublishStatus.TimedOut)]
    [InlineData(false, RelayPublishStatus.Unreachable)]
    public void When_time_is_up_the_outcome_says_whether_it_was_sent(bool sent, RelayPublishStatus status)
    {
        var driver = new LinkDriver();
        driver.Do(new LinkEvent.Started());
        if (sent)
        {
            driver.Open();
        }

        if (sent)
        {
            driver.Do(new LinkEvent.Dialed(driver.Op));
        }

        var slow = driver.Publish(_key.Sign(1, "slow", null, 1), seconds: 20);
        var quick = driver.Publish(_key.Sign(1, "x", null, 1), seconds: 3);
        driver.Drain();
        driver.Pass(TimeSpan.FromSeconds(2.9));
        Assert.Null(driver.OutcomeOf(quick));
        driver.Pass(TimeSpan.FromSeconds(0.1));
        Assert.Equal(status, driver.OutcomeOf(quick)!.Status);
        Assert.Null(driver.OutcomeOf(slow));
        driver.Pass(TimeSpan.FromSeconds(17));
        Assert.Equal(status, driver.OutcomeOf(slow)!.Status);
    }

    [Fact]
    public void The_queue_is_bounded_and_too_long_events_are_not_sent()
    {
        var driver = new LinkDriver(RelayClientOptions.Default with { MaxPendingPublishes = 2 });
        driver.Open(new RelayInformation { MaxMessageLength = 2000 });
        Assert.Equal(RelayPublishStatus.TooLarge, driver.OutcomeOf(driver.Publish(_key.Sign(1, new string('x', 2000), null, 1)))!.Status);
        var first = driver.Publish(_key.Sign(1, "1", null, 1));
        var same = driver.Publish(first.Event);
        Assert.Equal(RelayPublishStatus.QueueFull, driver.OutcomeOf(driver.Publish(_key.Sign(1, "3", null, 1)))!.Status);
        driver.Drain();
        driver.Receive(new RelayOkMessage(first.Event.Id, Accepted: true, ""));
        Assert.True(driver.OutcomeOf(first)!.IsAccepted);
        Assert.True(driver.OutcomeOf(same)!.IsAccepted);
        Assert.Null(driver.OutcomeOf(driver.Publish(_key.Sign(1, "4", null, 1))));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Asked_for_its_key_it_proves_it_and_tries_once_more(bool helps)
    {
        var driver = new LinkDriver();
        driver.Open();
        var value = _key.Sign(1, "x", null, 1);
        var publish = driver.Publish(value, _key);
        driver.Drain();
        driver.Receive(new RelayOkMessage(value.Id, Accepted: false, "auth-required: who are you"));
        Assert.Empty(driver.Drain());
        driver.Receive(new RelayAuthMessage("abc"));
        var proof = Assert.IsType<ClientAuthMessage>(Assert.Single(driver.Drain())).Event;
        Assert.True(AuthEvent.Check(proof, LinkDriver.Relay, "abc", driver.Now.Wall, out _));
        driver.Receive(new RelayOkMessage(proof.Id, Accepted: true, ""));
        Assert.IsType<ClientEventMessage>(Assert.Single(driver.Drain()));
        driver.Receive(new RelayOkMessage(value.Id, helps, helps ? "" : "auth-required: still"));
        Assert.Equal(helps ? RelayPublishStatus.Accepted : RelayPublishStatus.Rejected, driver.OutcomeOf(publish)!.Status);
        Assert.Empty(driver.Drain());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_closed_subscription_proves_its_key_and_asks_once_more(bool helps)
    {
        var driver = new LinkDriver();
        driver.Open();
        driver.Receive(new RelayAuthMessage("abc"));
        driver.Subscribe(new NostrFilter { Kinds = [4] }, _key);
        var proof = Assert.IsType<ClientAuthMessage>(Assert.Single(driver.Drain())).Event;
        driver.Receive(new RelayOkMessage(proof.Id, Accepted: true, ""));
        var request = Assert.IsType<ClientRequestMessage>(Assert.Single(driver.Drain()));
        driver.Receive(helps ? new RelayEndOfStoredMessage(request.SubscriptionId) : new RelayClosedMessage(request.SubscriptionId, "auth-required: still"));
        Assert.Equal(helps ? 0 : 1, driver.Effects.OfType<LinkEffect.Ended>().Count(static ended => ended.Error is { Error: RelayError.AuthenticationRefused, Reason: RelayReason.AuthRequired }));
        Assert.Empty(driver.Drain());
    }

    [Fact]
    public void A_relay_that_says_nothing_at_first_is_asked_again_when_the_keys_are_proven()
    {
        var driver = new LinkDriver();
        var subscription = driver.Subscribe(new NostrFilter { Kinds = [4] }, _key);
        var first = Assert.IsType<ClientRequestMessage>(Assert.Single(driver.Open()));
        driver.Receive(new RelayAuthMessage("abc"));
        driver.Receive(new RelayClosedMessage(first.SubscriptionId, "auth-required: who are you"));
        var proof = Assert.IsType<ClientAuthMessage>(Assert.Single(driver.Drain())).Event;
        driver.Receive(new RelayOkMessage(proof.Id, Accepted: true, ""));
        var again = Assert.IsType<ClientRequestMessage>(Assert.Single(driver.Drain()));
        Assert.NotEqual(first.SubscriptionId, again.SubscriptionId);
        Assert.False(subscription.IsEnded);
    }

    [Fact]
    public void A_subscription_without_a_key_ends_with_an_error_that_says_so()
    {
        var driver = new LinkDriver();
        driver.Subscribe(new NostrFilter { Kinds = [4] });
        var request = Assert.IsType<ClientRequestMessage>(Assert.Single(driver.Open()));
        driver.Receive(new RelayClosedMessage(request.SubscriptionId, "auth-required: who are you"));
        Assert.Equal(RelayError.AuthenticationRefused, Assert.Single(driver.Effects.OfType<LinkEffect.Ended>()).Error.Error);
    }

    [Fact]
    public void A_relay_that_takes_one_key_only_keeps_the_first_and_the_other_moves()
    {
        var driver = new LinkDriver();
        var first = driver.Subscribe(new NostrFilter { Kinds = [4] }, _key);
        var second = driver.Subscribe(new NostrFilter { Kinds = [5] }, _other);
        driver.Open();
        driver.Receive(new RelayAuthMessage("abc"));
        var proofs = driver.Drain().OfType<ClientAuthMessage>().Select(static message => message.Event).ToList();
        Assert.Equal(2, proofs.Count);
        driver.Receive(new RelayOkMessage(proofs.Single(proof => proof.PublicKey == _key.PublicKey).Id, Accepted: true, ""));
        driver.Receive(new RelayOkMessage(proofs.Single(proof => proof.PublicKey == _other.PublicKey).Id, Accepted: false, "invalid: you are somebody else"));
        var move = Assert.Single(driver.Effects.OfType<LinkEffect.MoveKey>());
        Assert.Equal((_other, _key), (move.Key, move.Kept));
        Assert.Equal([second], move.Subscriptions);
        Assert.False(first.IsEnded);
        Assert.Equal(1, driver.Machine.Subscriptions);
        Assert.Equal(RelayPhase.Connecting, driver.Machine.Phase);
        Assert.Contains(driver.Effects, static effect => effect is LinkEffect.Raise { Code.Code: "relay-one-key" });
    }
}
