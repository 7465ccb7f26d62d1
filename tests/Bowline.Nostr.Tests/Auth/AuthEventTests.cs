namespace Bowline.Nostr.Tests.Auth;

public sealed class AuthEventTests : IDisposable
{
    private static readonly Uri Relay = new("wss://relay.example/path/");
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly NostrKey _key = NostrKey.Create();

    public void Dispose() => _key.Dispose();

    [Fact]
    public void What_is_made_is_accepted_however_the_address_is_spelt()
    {
        var value = AuthEvent.Create(_key, new("WSS://Relay.EXAMPLE:443/path"), "c", Now);
        Assert.True(AuthEvent.Check(value, Relay, "c", Now, out var problem), problem);
        Assert.Equal(_key.PublicKey, value.PublicKey);
        Assert.True(AuthEvent.Check(AuthEvent.Create(_key, new("ws://127.0.0.1:7777"), "c", Now), new("ws://127.0.0.1:7777/"), "c", Now, out problem), problem);
    }

    [Theory]
    [InlineData(600, true)]
    [InlineData(-600, true)]
    [InlineData(601, false)]
    [InlineData(-601, false)]
    public void Ten_minutes_are_the_limit(int seconds, bool accepted) =>
        Assert.Equal(accepted, AuthEvent.Check(AuthEvent.Create(_key, Relay, "c", Now.AddSeconds(seconds)), Relay, "c", Now, out _));

    [Fact]
    public void Each_wrong_part_is_named()
    {
        NostrTag relay = new("relay", "wss://relay.example/path");
        NostrTag challenge = new("challenge", "c");
        Refused("challenge", AuthEvent.Create(_key, Relay, "another", Now));
        Refused("relay", AuthEvent.Create(_key, new("wss://relay.example/"), "c", Now));
        Refused("relay", AuthEvent.Create(_key, new("ws://relay.example/path"), "c", Now));
        Refused("relay", _key.Sign(NostrKind.ClientAuthentication, "", [challenge], Now));
        Refused("relay", _key.Sign(NostrKind.ClientAuthentication, "", [challenge, new("relay", "https://relay.example/path")], Now));
        Refused("challenge", _key.Sign(NostrKind.ClientAuthentication, "", [relay], Now));
        Refused("kind", _key.Sign(1, "", [relay, challenge], Now));
        Refused("created_at", _key.Sign(NostrKind.ClientAuthentication, "", [relay, challenge], long.MaxValue));
        var right = AuthEvent.Create(_key, Relay, "c", Now);
        Refused("id", With(right, right.Signature, right.CreatedAt - 1));
        Refused("signature", With(right, AuthEvent.Create(_key, Relay, "d", Now).Signature, right.CreatedAt));
        Assert.Throws<ArgumentException>(() => AuthEvent.Create(_key, new("https://relay.example"), "c", Now));
    }

    [Theory]
    [InlineData("wss://a.example", "wss://a.example/")]
    [InlineData("wss://a.example///", "wss://a.example/")]
    [InlineData("WS://A.example:80/X/", "ws://a.example/X")]
    [InlineData("ws://[::1]:7000/x/", "ws://[::1]:7000/x")]
    [InlineData("wss://XN--mnchen-3ya.example", "wss://xn--mnchen-3ya.example/")]
    [InlineData("wss://a.example/?x=1", "wss://a.example/?x=1")]
    [InlineData("ws://user:pw@a.example:8080/x?y=1#z", "ws://a.example:8080/x?y=1")]
    public void A_relay_has_one_spelling(string text, string expected)
    {
        Assert.True(RelayUrl.TryParse(text, out var url));
        Assert.Equal(expected, url.AbsoluteUri);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("relay")]
    [InlineData("https://a.example")]
    [InlineData("wss://")]
    [InlineData("wss://m\u00fcnchen.example")]
    public void What_is_no_relay_is_refused(string? text) => Assert.False(RelayUrl.TryParse(text, out _));

    private static void Refused(string word, NostrEvent value)
    {
        Assert.False(AuthEvent.Check(value, Relay, "c", Now, out var problem));
        Assert.Contains(word, problem, StringComparison.Ordinal);
    }

    private static NostrEvent With(NostrEvent value, NostrSignature signature, long createdAt) => new()
    {
        Id = value.Id,
        PublicKey = value.PublicKey,
        CreatedAt = createdAt,
        Kind = value.Kind,
        Tags = value.Tags,
        Content = value.Content,
        Signature = signature,
    };
}
