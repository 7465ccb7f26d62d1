using System.Buffers;

namespace Bowline.Nostr.Tests.Relays;

public sealed class LinkRequestTests
{
    private static readonly NostrKey[] Keys = [.. Enumerable.Range(0, 1000).Select(static _ => NostrKey.Create())];

    [Fact]
    public void A_thousand_users_of_one_shape_share_requests_of_five_hundred()
    {
        var driver = new LinkDriver();
        var users = Keys.Select(key => driver.Subscribe(Notes(key))).ToList();
        var requests = driver.Open().Cast<ClientRequestMessage>().ToList();
        Assert.Equal(2, requests.Count);
        Assert.All(requests, static request => Assert.Equal(500, Assert.Single(request.Filters).Authors!.Count));
        Assert.Equal(1000, requests.SelectMany(static request => request.Filters[0].Authors!).Distinct().Count());

        var note = Keys[700].Sign(1, "x", null, driver.Now.Wall);
        var request = requests.Single(request => request.Filters[0].Authors!.Contains(note.PublicKey));
        Assert.Equal(users[700], Assert.IsType<LinkEffect.Deliver>(Assert.Single(driver.Receive(new RelayEventMessage(request.SubscriptionId, note)))).Subscription);
    }

    [Fact]
    public void The_end_of_stored_events_is_told_when_all_requests_of_a_user_have_it()
    {
        var driver = new LinkDriver();
        var wide = driver.Subscribe(new NostrFilter { Kinds = [1], Authors = [.. Keys.Select(static key => key.PublicKey)] });
        var narrow = driver.Subscribe(Notes(Keys[0]));
        var nothing = driver.Subscribe(new NostrFilter { Authors = [] });
        Assert.Contains(driver.Effects, effect => effect is LinkEffect.Stored stored && stored.Subscription == nothing);
        var requests = driver.Open().Cast<ClientRequestMessage>().ToList();
        Assert.Equal(narrow, Assert.IsType<LinkEffect.Stored>(Assert.Single(driver.Receive(new RelayEndOfStoredMessage(requests[0].SubscriptionId)))).Subscription);
        Assert.Equal(wide, Assert.IsType<LinkEffect.Stored>(Assert.Single(driver.Receive(new RelayEndOfStoredMessage(requests[1].SubscriptionId)))).Subscription);
        Assert.Empty(driver.Receive(new RelayEndOfStoredMessage(requests[1].SubscriptionId)));
    }

    [Fact]
    public void Addressees_are_merged_and_other_shapes_and_limits_are_not()
    {
        var driver = new LinkDriver();
        driver.Subscribe(To(Keys[0], 4));
        driver.Subscribe(To(Keys[1], 4));
        driver.Subscribe(To(Keys[2], 1059));
        driver.Subscribe(To(Keys[3], 4) with { Limit = 3 });
        var requests = driver.Open(new RelayInformation { MaxLimit = 2 }).Cast<ClientRequestMessage>().ToList();
        Assert.Equal(3, requests.Count);
        Assert.Contains(requests, static request => request.Filters is [{ Limit: null, Tags: var tags }] && tags['p'].Count == 2);
        Assert.Contains(requests, static request => request.Filters is [{ Limit: 2, Tags: var tags }] && tags['p'].Count == 1);
    }

    [Fact]
    public void On_a_new_socket_requests_come_first_and_begin_before_the_newest_event_that_was_seen()
    {
        var driver = new LinkDriver();
        driver.Subscribe(Notes(Keys[0]));
        driver.Subscribe(To(Keys[0], 1059));
        var requests = driver.Open().Cast<ClientRequestMessage>().ToList();
        driver.Publish(Keys[1].Sign(1, "mine", null, 1), seconds: 1000);
        driver.Drain();
        var newest = driver.Seconds - 50;
        foreach (var request in requests)
        {
            driver.Receive(new RelayEndOfStoredMessage(request.SubscriptionId));
            driver.Receive(new RelayEventMessage(request.SubscriptionId, Keys[0].Sign(1, "x", null, newest)));
            driver.Receive(new RelayEventMessage(request.SubscriptionId, Keys[0].Sign(1, "older", null, newest - 5)));
        }

        driver.Lose();
        var sent = driver.Open();
        var overlap = (long)driver.Options.ReplayOverlap.TotalSeconds;
        Assert.Equal(
            [newest - overlap, newest - overlap - (2 * 86400)],
            sent.Take(2).Cast<ClientRequestMessage>().Select(static request => request.Filters[0].Since!.Value).OrderDescending());
        Assert.IsType<ClientEventMessage>(sent[2]);
    }

    [Fact]
    public void An_event_from_the_future_does_not_hide_what_follows()
    {
        var driver = new LinkDriver();
        driver.Subscribe(Notes(Keys[0]));
        var request = (ClientRequestMessage)driver.Open().Single();
        driver.Receive(new RelayEndOfStoredMessage(request.SubscriptionId));
        driver.Receive(new RelayEventMessage(request.SubscriptionId, Keys[0].Sign(1, "x", null, driver.Seconds + 1_000_000)));
        var seen = driver.Seconds;
        driver.Lose();
        Assert.Equal(seen - (long)driver.Options.ReplayOverlap.TotalSeconds, ((ClientRequestMessage)driver.Open().Single()).Filters[0].Since);
    }

    [Fact]
    public void A_socket_lost_before_the_end_of_stored_events_moves_nothing_because_the_newest_come_first()
    {
        var driver = new LinkDriver();
        driver.Subscribe(Notes(Keys[0]) with { Since = 5 });
        var request = (ClientRequestMessage)driver.Open().Single();
        driver.Receive(new RelayEventMessage(request.SubscriptionId, Keys[0].Sign(1, "newest", null, driver.Seconds)));
        driver.Lose();
        Assert.Equal(5, ((ClientRequestMessage)driver.Open().Single()).Filters[0].Since);
    }

    [Fact]
    public void A_limit_counts_once_and_what_was_missed_since_comes_whole()
    {
        var driver = new LinkDriver();
        driver.Subscribe(new NostrFilter { Kinds = [1], Limit = 0 });
        var request = (ClientRequestMessage)driver.Open().Single();
        Assert.Equal(0, request.Filters[0].Limit);
        var settled = driver.Seconds;
        driver.Receive(new RelayEndOfStoredMessage(request.SubscriptionId));
        driver.Lose();
        var again = ((ClientRequestMessage)driver.Open().Single()).Filters[0];
        Assert.Equal((null, settled), (again.Limit, again.Since));
    }

    [Theory]
    [InlineData(3, 4, 65536)]
    [InlineData(5, 1, 65536)]
    [InlineData(4, 20, 4096)]
    public void The_relays_limits_are_kept_while_users_come_and_go(int subscriptions, int filters, int length)
    {
        var limits = new RelayInformation { MaxSubscriptions = subscriptions, MaxFilters = filters, MaxMessageLength = length };
        var driver = new LinkDriver();
        driver.Open(limits);
        HashSet<string> open = new(StringComparer.Ordinal);
        List<LinkSubscription> users = [];
        var random = new Random(42);
        for (var i = 0; i < 400; i++)
        {
            if (users.Count > 0 && random.Next(3) == 0)
            {
                var leaving = users[random.Next(users.Count)];
                users.Remove(leaving);
                driver.Do(new LinkEvent.Unsubscribed(leaving));
            }
            else
            {
                users.Add(driver.Subscribe(Notes(Keys[random.Next(60)]) with { Kinds = [1 + random.Next(3)], Limit = random.Next(10) == 0 ? 1 : null }));
            }

            foreach (var message in driver.Drain())
            {
                if (message is ClientCloseMessage close)
                {
                    Assert.True(open.Remove(close.SubscriptionId));
                    continue;
                }

                var request = (ClientRequestMessage)message;
                Assert.True(open.Add(request.SubscriptionId));
                Assert.InRange(open.Count, 1, subscriptions);
                Assert.InRange(request.Filters.Count, 1, filters);
                var buffer = new ArrayBufferWriter<byte>();
                ClientMessageWriter.Write(buffer, request);
                Assert.InRange(buffer.WrittenCount, 1, length);
                driver.Receive(new RelayEndOfStoredMessage(request.SubscriptionId));
            }
        }

        foreach (var user in users)
        {
            driver.Do(new LinkEvent.Unsubscribed(user));
        }

        driver.Drain().ForEach(message => open.Remove(((ClientCloseMessage)message).SubscriptionId));
        Assert.Empty(open);
        Assert.Equal(0, driver.Machine.Requests);
    }

    [Fact]
    public void Users_that_come_one_by_one_are_brought_together_when_the_relay_allows_no_more()
    {
        var driver = new LinkDriver();
        driver.Open(new RelayInformation { MaxSubscriptions = 10 });
        var told = 0;
        foreach (var key in Keys)
        {
            driver.Subscribe(Notes(key));
            foreach (var request in driver.Drain().OfType<ClientRequestMessage>())
            {
                told += driver.Receive(new RelayEndOfStoredMessage(request.SubscriptionId)).OfType<LinkEffect.Stored>().Count();
            }

            Assert.InRange(driver.Machine.Requests, 1, 9);
        }

        Assert.Equal(Keys.Length, told);
        Assert.False(driver.Machine.Overfull);
    }

    [Fact]
    public void What_does_not_fit_waits_until_another_ends()
    {
        var driver = new LinkDriver();
        driver.Open(new RelayInformation { MaxSubscriptions = 2 });
        var first = driver.Subscribe(Notes(Keys[0]) with { Limit = 1 });
        driver.Subscribe(Notes(Keys[1]) with { Limit = 1 });
        Assert.Equal(Keys[0].PublicKey, ((ClientRequestMessage)Assert.Single(driver.Drain())).Filters[0].Authors!.Single());
        Assert.True(driver.Machine.Overfull);
        driver.Do(new LinkEvent.Unsubscribed(first));
        var sent = driver.Drain();
        Assert.IsType<ClientCloseMessage>(sent[0]);
        Assert.Equal(Keys[1].PublicKey, ((ClientRequestMessage)sent[1]).Filters[0].Authors!.Single());
        Assert.False(driver.Machine.Overfull);
    }

    [Fact]
    public void A_refused_request_is_taken_apart_until_the_one_that_is_refused_is_alone()
    {
        var driver = new LinkDriver();
        var users = Keys.Take(100).Select(key => driver.Subscribe(Notes(key))).ToList();
        var bad = Keys[37].PublicKey;
        driver.Open();
        driver.Do(new LinkEvent.Lost(driver.Op, "again, so that every request is seen below"));
        driver.Pass(TimeSpan.FromSeconds(30));
        driver.Do(new LinkEvent.Dialed(driver.Op));
        for (var messages = driver.Drain(); messages.Count > 0; messages = driver.Drain())
        {
            foreach (var request in messages.OfType<ClientRequestMessage>())
            {
                driver.Receive(request.Filters.Any(filter => filter.Authors!.Contains(bad))
                    ? new RelayClosedMessage(request.SubscriptionId, "invalid: I do not like this one")
                    : new RelayEndOfStoredMessage(request.SubscriptionId));
            }
        }

        var ended = Assert.Single(driver.Effects.OfType<LinkEffect.Ended>());
        Assert.Equal((users[37], RelayError.SubscriptionClosed, RelayReason.Invalid), (ended.Subscription, ended.Error.Error, ended.Error.Reason));
        Assert.Equal(99, driver.Effects.OfType<LinkEffect.Stored>().Count());
    }

    [Fact]
    public void A_relay_that_limits_rates_is_asked_again_later()
    {
        var driver = new LinkDriver();
        driver.Subscribe(Notes(Keys[0]));
        for (var wait = 2; wait <= 16; wait *= 2)
        {
            var request = (ClientRequestMessage)Assert.Single(wait == 2 ? driver.Open() : driver.Drain());
            driver.Receive(new RelayClosedMessage(request.SubscriptionId, "rate-limited: slow down"));
            driver.Pass(TimeSpan.FromSeconds(wait - 0.1));
            Assert.Empty(driver.Drain());
            driver.Pass(TimeSpan.FromSeconds(0.1));
        }

        Assert.Single(driver.Drain());
        Assert.Empty(driver.Effects.OfType<LinkEffect.Ended>());
    }

    private static NostrFilter Notes(NostrKey key) => new() { Kinds = [1], Authors = [key.PublicKey] };

    private static NostrFilter To(NostrKey key, int kind) =>
        new() { Kinds = [kind], Tags = new Dictionary<char, IReadOnlyList<string>> { ['p'] = [key.PublicKey.ToString()] } };
}
