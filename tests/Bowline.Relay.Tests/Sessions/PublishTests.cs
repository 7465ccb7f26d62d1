using System.Net;
using Bowline.Nostr;

namespace Bowline.Relay.Tests.Sessions;

public sealed class PublishTests
{
    [Fact]
    public void Regular_events_go_to_the_store_and_ephemeral_ones_past_it()
    {
        var session = new SessionFixture();
        _ = Assert.IsType<RelayEffect.Store>(Assert.Single(session.Publish(session.Sign())));
        Assert.Null(Assert.IsType<RelayEffect.HandOn>(Assert.Single(session.Publish(session.Sign(kind: Make.Ephemeral)))).Presence);
    }

    [Theory]
    [InlineData(StoreOutcome.Stored, true, "")]
    [InlineData(StoreOutcome.Duplicate, true, "duplicate: ")]
    [InlineData(StoreOutcome.Superseded, false, "duplicate: ")]
    [InlineData(StoreOutcome.Deleted, false, "blocked: ")]
    public void What_the_store_says_becomes_an_OK(StoreOutcome outcome, bool accepted, string prefix)
    {
        var ok = RelaySession.Answer(Make.Note().Id, outcome);
        Assert.Equal(accepted, ok.Accepted);
        Assert.StartsWith(prefix, ok.Text, StringComparison.Ordinal);
        Assert.Equal(prefix.Length == 0, ok.Text.Length == 0);
    }

    [Fact]
    public void A_changed_event_and_a_foreign_signature_are_forgeries_and_strikes()
    {
        var session = new SessionFixture(new() { Strikes = 2 });
        var value = session.Sign();
        var changed = new NostrEvent { Id = value.Id, PublicKey = value.PublicKey, CreatedAt = value.CreatedAt, Kind = value.Kind, Tags = value.Tags, Content = "changed", Signature = value.Signature };
        Assert.StartsWith("invalid: the id", session.TryPublish(changed), StringComparison.Ordinal);
        var foreign = new NostrEvent { Id = value.Id, PublicKey = value.PublicKey, CreatedAt = value.CreatedAt, Kind = value.Kind, Tags = value.Tags, Content = value.Content, Signature = session.Sign(content: "x").Signature };
        var effects = session.Publish(foreign);
        Assert.StartsWith("invalid: the signature", Assert.IsType<RelayOkMessage>(Assert.IsType<RelayEffect.Reply>(effects[0]).Message).Text, StringComparison.Ordinal);
        Assert.Equal(1008, Assert.IsType<RelayEffect.Disconnect>(effects[1]).Status);
    }

    [Fact]
    public void An_event_that_exceeds_a_limit_is_refused()
    {
        var session = new SessionFixture(new() { Tags = 2, ContentBytes = 4, CreatedAhead = TimeSpan.FromSeconds(10) });
        NostrTag tag = new("t", "x");
        Assert.Equal("", session.TryPublish(session.Sign(content: "1234", ahead: 10, tags: [tag, tag])));
        Assert.StartsWith("invalid: ", session.TryPublish(session.Sign(tags: [tag, tag, tag])), StringComparison.Ordinal);
        Assert.StartsWith("invalid: ", session.TryPublish(session.Sign(content: "12345")), StringComparison.Ordinal);
        Assert.StartsWith("invalid: ", session.TryPublish(session.Sign(content: "ää!")), StringComparison.Ordinal); // Bytes, not characters.
        Assert.StartsWith("invalid: ", session.TryPublish(session.Sign(ahead: 11)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1, "invalid: the event has expired")]
    [InlineData(0, "invalid: the event has expired")]
    [InlineData(1, "")]
    public void An_expired_event_is_refused(long from, string expected)
    {
        var session = new SessionFixture();
        Assert.Equal(expected, session.TryPublish(session.Sign(tags: new NostrTag("expiration", $"{session.Now.UnixSeconds + from}"))));
    }

    [Fact]
    public void Events_faster_than_the_connection_s_rate_are_refused_until_time_has_passed()
    {
        var session = new SessionFixture(new() { EventsPerConnection = new(1, 2) });
        Assert.Equal("", session.TryPublish(session.Sign()));
        Assert.Equal("", session.TryPublish(session.Sign()));
        Assert.StartsWith("rate-limited: ", session.TryPublish(session.Sign()), StringComparison.Ordinal);
        session.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("", session.TryPublish(session.Sign()));
    }

    [Fact]
    public void Events_of_two_connections_from_one_address_share_its_rate()
    {
        var limits = new RelayLimits { EventsPerAddress = new(1, 2) };
        var address = new AddressUse(IPAddress.Loopback, limits, TimeSpan.FromHours(1));
        var one = new SessionFixture(limits, address: address);
        var two = new SessionFixture(limits, address: address);
        Assert.Equal("", one.TryPublish(one.Sign()));
        Assert.Equal("", two.TryPublish(two.Sign()));
        Assert.StartsWith("rate-limited: ", one.TryPublish(one.Sign()), StringComparison.Ordinal);
    }

    [Fact]
    public void Work_counts_only_when_it_was_aimed_at()
    {
        var session = new SessionFixture(difficulty: 8);
        Assert.StartsWith("pow: difficulty", session.TryPublish(Mine(session, target: 8, 0, 7)), StringComparison.Ordinal);
        Assert.StartsWith("pow: the nonce", session.TryPublish(Mine(session, target: 4, 8, 256)), StringComparison.Ordinal);
        Assert.StartsWith("pow: the nonce", session.TryPublish(Mine(session, target: null, 8, 256)), StringComparison.Ordinal);
        Assert.Equal("", session.TryPublish(Mine(session, target: 8, 8, 256)));
    }

    [Theory]
    [InlineData("000000000e9d97a1ab09fc381030b346cdd7a142ad57e6df0b46dc9bef6c7e2d", 36)]
    [InlineData("6bf5b4f434813c64b523d2b0e6efe18f3bd0cbbd0a5effd8ece9e00fd2531996", 1)]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000", 256)]
    public void Difficulty_is_the_number_of_leading_zero_bits(string id, int bits) => Assert.Equal(bits, ProofOfWork.Difficulty(EventId.Parse(id)));

    [Fact]
    public void A_deletion_names_only_what_can_be_its_author_s()
    {
        var session = new SessionFixture();
        var mine = Make.Alice.PublicKey.ToString();
        string Delete(params NostrTag[] tags) => session.TryPublish(session.Sign(kind: NostrKind.Deletion, tags: tags));
        Assert.StartsWith("invalid: a deletion names", Delete(), StringComparison.Ordinal);
        Assert.StartsWith("invalid: an e tag", Delete(new NostrTag("e", "zz")), StringComparison.Ordinal);
        Assert.StartsWith("invalid: an a tag", Delete(new NostrTag("a", "30023")), StringComparison.Ordinal);
        Assert.StartsWith("invalid: an author", Delete(new NostrTag("a", $"30023:{Make.Bob.PublicKey}:x")), StringComparison.Ordinal);
        Assert.Equal("", Delete(new NostrTag("a", $"30023:{mine}:x:y"), new NostrTag("e", new string('0', 64))));
    }

    [Fact]
    public void A_protected_event_is_taken_from_its_authenticated_author_only()
    {
        var session = new SessionFixture();
        var effects = session.Publish(session.Sign(tags: new NostrTag("-")));
        Assert.StartsWith("auth-required: ", Assert.IsType<RelayOkMessage>(Assert.IsType<RelayEffect.Reply>(effects[0]).Message).Text, StringComparison.Ordinal);
        Assert.Equal(SessionFixture.Challenge, Assert.IsType<RelayAuthMessage>(Assert.IsType<RelayEffect.Reply>(effects[1]).Message).Challenge);
        Assert.Equal("", session.TryAuthenticate(session.Authentication(Make.Bob)));
        Assert.StartsWith("auth-required: ", session.TryPublish(session.Sign(tags: new NostrTag("-"))), StringComparison.Ordinal);
        Assert.Equal("", session.TryAuthenticate(session.Authentication(Make.Alice)));
        Assert.Equal("", session.TryPublish(session.Sign(tags: new NostrTag("-"))));
    }

    [Fact]
    public void Authentication_events_are_not_for_publishing()
    {
        var session = new SessionFixture();
        Assert.StartsWith("invalid: ", session.TryPublish(session.Authentication(Make.Alice)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_connection_owns_so_many_presences_and_may_renew_them()
    {
        var session = new SessionFixture(new() { Presences = 1 });
        string Present(string room) => session.TryPublish(session.Sign(kind: Make.Ephemeral, tags: [new("r", room), new("bowline", "presence")]));
        Assert.Equal("", Present("a"));
        Assert.Equal("", Present("a"));
        Assert.StartsWith("rate-limited: ", Present("b"), StringComparison.Ordinal);
    }

    private static NostrEvent Mine(SessionFixture session, int? target, int least, int most)
    {
        for (var nonce = 0; ; nonce++)
        {
            var value = session.Sign(tags: target is { } aim ? new NostrTag("nonce", $"{nonce}", $"{aim}") : new NostrTag("nonce", $"{nonce}"));
            if (ProofOfWork.Difficulty(value.Id) is var bits && bits >= least && bits <= most)
            {
                return value;
            }
        }
    }
}
