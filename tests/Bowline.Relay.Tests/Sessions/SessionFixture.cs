using System.Net;
using Bowline.Nostr;

namespace Bowline.Relay.Tests.Sessions;

/// <summary>A session without a connection, at a time that stands still.</summary>
internal sealed class SessionFixture
{
    public const string Host = "relay.example";
    public const string Challenge = "c0ffee";

    private readonly RelaySession _session;

    public SessionFixture(RelayLimits? limits = null, RelayAccess? access = null, int difficulty = 0, bool search = false, IReadOnlyList<Uri>? urls = null, AddressUse? address = null)
    {
        limits ??= new();
        var rules = new RelayRules(limits, access ?? new() { ChallengeAtConnect = false }, difficulty, search, urls ?? []);
        _session = new(rules, address ?? new(IPAddress.Loopback, limits, TimeSpan.Zero), Challenge, Host, Now);
        Rules = rules;
    }

    public RelayRules Rules { get; }

    public RelayTime Now { get; set; } = new(1_800_000_000, TimeSpan.FromHours(1));

    public Audience Audience => _session.Audience;

    public int Subscriptions => _session.Subscriptions;

    public static Uri Url { get; } = new($"wss://{Host}/relay");

    public void Advance(TimeSpan by) => Now = new(Now.UnixSeconds + (long)by.TotalSeconds, Now.Monotonic + by);

    public List<RelayEffect> Start() => Collect(_session.Start);

    public List<RelayEffect> Send(ClientMessage message) => Collect(effects => _session.Receive(message, Now, effects));

    public List<RelayEffect> Refuse(string text) => Collect(effects => _session.Refuse(new(text), effects));

    public List<RelayEffect> Fail(Subscription subscription, string text) => Collect(effects => _session.Fail(subscription, text, effects));

    public List<RelayEffect> Publish(NostrEvent value) => Send(new ClientEventMessage(value));

    public List<RelayEffect> Request(string id, params NostrFilter[] filters) => Send(new ClientRequestMessage(id, filters));

    /// <summary>Publishes and gets the refusal, or "" when it was taken.</summary>
    public string TryPublish(NostrEvent value) => Publish(value)[0] switch
    {
        RelayEffect.Reply { Message: RelayOkMessage { Accepted: false } ok } => ok.Text,
        RelayEffect.Store or RelayEffect.HandOn => "",
        var other => other.ToString(),
    };

    /// <summary>Asks and gets the refusal, or "" when it was taken.</summary>
    public string TryRequest(string id, params NostrFilter[] filters) => Request(id, filters).Select(effect => effect switch
    {
        RelayEffect.Reply { Message: RelayClosedMessage closed } => closed.Text,
        RelayEffect.Open => "",
        _ => null,
    }).First(text => text is not null)!;

    public NostrEvent Sign(NostrKey? key = null, int kind = NostrKind.Note, string content = "", long ahead = 0, params NostrTag[] tags) =>
        (key ?? Make.Alice).Sign(kind, content, tags, Now.UnixSeconds + ahead);

    public NostrEvent Authentication(NostrKey key, Uri? relay = null, string challenge = Challenge, long ahead = 0) =>
        Make.Auth(key, relay ?? Url, challenge, DateTimeOffset.FromUnixTimeSeconds(Now.UnixSeconds + ahead));

    /// <summary>Authenticates and gets the refusal, or "".</summary>
    public string TryAuthenticate(NostrEvent value)
    {
        var ok = Assert.IsType<RelayOkMessage>(Assert.IsType<RelayEffect.Reply>(Assert.Single(Send(new ClientAuthMessage(value)))).Message);
        Assert.Equal(value.Id, ok.EventId);
        Assert.NotEqual(ok.Accepted, ok.Text.Length > 0);
        return ok.Text;
    }

    private static List<RelayEffect> Collect(Action<List<RelayEffect>> act)
    {
        List<RelayEffect> effects = [];
        act(effects);
        return effects;
    }
}
