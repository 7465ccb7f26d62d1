using Bowline.Nostr;

namespace Bowline.Relay.Tests.Sessions;

public sealed class RequestTests
{
    [Fact]
    public void A_limit_is_clamped_and_a_missing_one_is_the_largest()
    {
        var session = new SessionFixture(new() { Limit = 10 });
        var opened = Assert.IsType<RelayEffect.Open>(Assert.Single(session.Request("s", new() { Limit = 11 }, new() { Limit = 3 }, new(), new() { Limit = 0 })));
        Assert.Equal([10, 3, 10, 0], opened.Subscription.Filters.Select(static filter => filter.Limit));
    }

    [Fact]
    public void The_same_id_replaces_and_one_too_many_is_refused_without_harm_to_the_others()
    {
        var session = new SessionFixture(new() { Subscriptions = 2 });
        var first = Assert.IsType<RelayEffect.Open>(Assert.Single(session.Request("a", new NostrFilter()))).Subscription;
        Assert.Equal("", session.TryRequest("b", new NostrFilter()));
        var effects = session.Request("a", new NostrFilter());
        Assert.Same(first, Assert.IsType<RelayEffect.End>(effects[0]).Subscription);
        _ = Assert.IsType<RelayEffect.Open>(effects[1]);
        Assert.StartsWith("rate-limited: ", session.TryRequest("c", new NostrFilter()), StringComparison.Ordinal);
        Assert.Equal(2, session.Subscriptions);
        _ = Assert.IsType<RelayEffect.End>(Assert.Single(session.Send(new ClientCloseMessage("a"))));
        Assert.Empty(session.Send(new ClientCloseMessage("a"))); // Nobody needs a CLOSED for that.
        Assert.Equal("", session.TryRequest("c", new NostrFilter()));
    }

    [Fact]
    public void Questions_faster_than_the_rate_are_refused()
    {
        var session = new SessionFixture(new() { RequestsPerConnection = new(1, 2) });
        Assert.Equal("", session.TryRequest("a", new NostrFilter()));
        _ = Assert.IsType<RelayEffect.Count>(Assert.Single(session.Send(new ClientCountMessage("b", [new()]))));
        Assert.StartsWith("rate-limited: ", session.TryRequest("c", new NostrFilter()), StringComparison.Ordinal);
        session.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("", session.TryRequest("c", new NostrFilter()));
    }

    [Fact]
    public void Questions_share_the_rate_of_their_address()
    {
        var session = new SessionFixture(new() { RequestsPerAddress = new(1, 1) });
        Assert.Equal("", session.TryRequest("a", new NostrFilter()));
        Assert.StartsWith("rate-limited: ", session.TryRequest("b", new NostrFilter()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_search_needs_a_store_that_searches()
    {
        Assert.StartsWith("unsupported: ", new SessionFixture().TryRequest("a", new NostrFilter { Search = "x" }), StringComparison.Ordinal);
        Assert.Equal("", new SessionFixture(search: true).TryRequest("a", new NostrFilter { Search = "x" }));
    }

    [Fact]
    public void A_failed_query_ends_its_subscription_but_not_the_one_that_replaced_it()
    {
        var session = new SessionFixture();
        var old = Assert.IsType<RelayEffect.Open>(Assert.Single(session.Request("a", new NostrFilter()))).Subscription;
        var current = Assert.IsType<RelayEffect.Open>(session.Request("a", new NostrFilter())[1]).Subscription;
        Assert.Empty(session.Fail(old, "error: x"));
        var effects = session.Fail(current, "error: x");
        Assert.Same(current, Assert.IsType<RelayEffect.End>(effects[0]).Subscription);
        Assert.Equal(new RelayClosedMessage("a", "error: x"), Assert.IsType<RelayEffect.Reply>(effects[1]).Message);
        Assert.Equal(0, session.Subscriptions);
    }

    [Fact]
    public void Malformed_messages_are_answered_and_at_the_last_strike_the_connection_ends()
    {
        var session = new SessionFixture(new() { Strikes = 3 });
        for (var i = 1; i <= 2; i++)
        {
            Assert.Equal(new RelayNoticeMessage("invalid: nonsense"), Assert.IsType<RelayEffect.Reply>(Assert.Single(session.Refuse("nonsense"))).Message);
        }

        Assert.Equal(1008, Assert.IsType<RelayEffect.Disconnect>(session.Refuse("nonsense")[1]).Status);
    }
}
