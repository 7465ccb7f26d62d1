using Bowline.Nostr;

namespace Bowline.Relay.Tests.Sessions;

public sealed class AccessTests
{
    private static readonly HashSet<NostrPublicKey> OnlyAlice = [Make.Alice.PublicKey];

    [Fact]
    public void The_challenge_comes_at_connect_or_once_when_it_is_needed()
    {
        _ = Assert.IsType<RelayAuthMessage>(Assert.IsType<RelayEffect.Reply>(Assert.Single(new SessionFixture(access: new()).Start())).Message);
        var session = new SessionFixture(access: new() { AuthenticationRequired = true, ChallengeAtConnect = false });
        Assert.Empty(session.Start());
        Assert.Equal(2, session.Publish(session.Sign()).Count);
        _ = Assert.Single(session.Publish(session.Sign()));
    }

    [Fact]
    public void Nothing_is_done_for_strangers_where_authentication_is_required()
    {
        var session = new SessionFixture(access: new() { AuthenticationRequired = true });
        Assert.StartsWith("auth-required: ", session.TryPublish(session.Sign()), StringComparison.Ordinal);
        Assert.StartsWith("auth-required: ", session.TryRequest("a", new NostrFilter()), StringComparison.Ordinal);
        var counted = Assert.IsType<RelayEffect.Reply>(session.Send(new ClientCountMessage("a", [new()]))[0]);
        Assert.StartsWith("auth-required: ", Assert.IsType<RelayClosedMessage>(counted.Message).Text, StringComparison.Ordinal);
        Assert.Equal("", session.TryAuthenticate(session.Authentication(Make.Bob)));
        Assert.Equal("", session.TryPublish(session.Sign()));
        Assert.Equal("", session.TryRequest("a", new NostrFilter()));
    }

    [Fact]
    public void Listed_writers_write_as_authors_or_authenticated()
    {
        var session = new SessionFixture(access: new() { Writers = OnlyAlice });
        Assert.Equal("", session.TryPublish(session.Sign(Make.Alice)));
        Assert.StartsWith("auth-required: ", session.TryPublish(session.Sign(Make.Bob)), StringComparison.Ordinal);
        Assert.Equal("", session.TryAuthenticate(session.Authentication(Make.Bob)));
        Assert.StartsWith("restricted: ", session.TryPublish(session.Sign(Make.Bob)), StringComparison.Ordinal);
        Assert.Equal("", session.TryAuthenticate(session.Authentication(Make.Alice)));
        Assert.Equal("", session.TryPublish(session.Sign(Make.Bob))); // A gift wrap's author is a throw-away key.
        Assert.Equal("", session.TryRequest("a", new NostrFilter()));
    }

    [Fact]
    public void Listed_readers_read_when_authenticated()
    {
        var session = new SessionFixture(access: new() { Readers = OnlyAlice });
        Assert.StartsWith("auth-required: ", session.TryRequest("a", new NostrFilter()), StringComparison.Ordinal);
        Assert.Equal("", session.TryAuthenticate(session.Authentication(Make.Bob)));
        Assert.StartsWith("restricted: ", session.TryRequest("a", new NostrFilter()), StringComparison.Ordinal);
        Assert.Equal("", session.TryAuthenticate(session.Authentication(Make.Alice)));
        Assert.Equal("", session.TryRequest("a", new NostrFilter()));
        Assert.Equal("", session.TryPublish(session.Sign(Make.Carol)));
    }

    [Fact]
    public void A_question_for_direct_messages_alone_needs_a_key()
    {
        var session = new SessionFixture();
        Assert.StartsWith("auth-required: ", session.TryRequest("a", Make.Kind(4, 1059)), StringComparison.Ordinal);
        Assert.Equal("", session.TryRequest("a", Make.Kind(4, 1059), Make.Kind(1)));
        Assert.Equal("", session.TryAuthenticate(session.Authentication(Make.Bob)));
        Assert.Equal("", session.TryRequest("a", Make.Kind(4, 1059)));
    }

    [Fact]
    public void Several_keys_are_authenticated_on_one_connection_up_to_the_limit()
    {
        var session = new SessionFixture(new() { AuthenticatedKeys = 2 });
        Assert.Equal("", session.TryAuthenticate(session.Authentication(Make.Alice)));
        Assert.Equal("", session.TryAuthenticate(session.Authentication(Make.Bob)));
        Assert.StartsWith("restricted: ", session.TryAuthenticate(session.Authentication(Make.Carol)), StringComparison.Ordinal);
        Assert.Equal("", session.TryAuthenticate(session.Authentication(Make.Bob)));
        Assert.Equal(2, session.Audience.Keys.Count);
    }

    [Theory]
    [InlineData("wss://relay.example/relay", "c0ffee", 0, true)]
    [InlineData("wss://RELAY.example", "c0ffee", 600, true)]
    [InlineData("ws://relay.example/", "c0ffee", -600, true)]
    [InlineData("wss://relay.example/", "c0ffee", 601, false)]
    [InlineData("wss://relay.example/", "c0ffee", -601, false)]
    [InlineData("wss://relay.example/", "other", 0, false)]
    [InlineData("wss://other.example/", "c0ffee", 0, false)]
    [InlineData("wss://relay.example:444/", "c0ffee", 0, false)]
    public void An_authentication_is_for_this_connection_relay_and_time(string relay, string challenge, long ahead, bool ok)
    {
        var session = new SessionFixture();
        Assert.Equal(ok, session.TryAuthenticate(session.Authentication(Make.Alice, new Uri(relay), challenge, ahead)).Length == 0);
        Assert.Equal(ok ? 1 : 0, session.Audience.Keys.Count);
    }

    [Theory]
    [InlineData("wss://public.example/relay", true)]
    [InlineData("wss://public.example/relay/", true)]
    [InlineData("wss://public.example/", false)]
    [InlineData("wss://relay.example/relay", false)]
    public void With_addresses_of_its_own_the_relay_compares_those(string relay, bool ok)
    {
        var session = new SessionFixture(urls: [new Uri("wss://public.example/relay")]);
        Assert.Equal(ok, session.TryAuthenticate(session.Authentication(Make.Alice, new Uri(relay))).Length == 0);
    }

    [Fact]
    public void A_forged_authentication_proves_nothing()
    {
        var session = new SessionFixture();
        var right = session.Authentication(Make.Alice);
        var forged = new NostrEvent { Id = right.Id, PublicKey = right.PublicKey, CreatedAt = right.CreatedAt, Kind = right.Kind, Tags = right.Tags, Content = right.Content, Signature = session.Sign().Signature };
        var effects = session.Send(new ClientAuthMessage(forged));
        Assert.False(Assert.IsType<RelayOkMessage>(Assert.IsType<RelayEffect.Reply>(effects[0]).Message).Accepted);
        Assert.Empty(session.Audience.Keys);
        Assert.StartsWith("invalid: ", session.TryAuthenticate(session.Sign()), StringComparison.Ordinal); // Another kind.
    }
}
