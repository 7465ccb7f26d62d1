using System.Text;
using Bowline.Nostr;

namespace Bowline.Relay.Tests.Live;

/// <summary>Between stored and live events none is lost and none comes twice, in every order the threads may take.</summary>
public sealed class SubscriptionTests
{
    private readonly Recorder _recorder = new();
    private readonly InFlight _inFlight = new();
    private readonly Subscription _subscription = new("s", [Make.Kind(1)]);

    public SubscriptionTests() => _subscription.Attach(_recorder);

    [Fact]
    public void A_live_event_during_the_query_comes_after_EOSE()
    {
        var stored = Make.Note("stored");
        var live = Make.Note("live");
        _ = _subscription.DeliverLive(Live(live));
        _subscription.DeliverStored(Stored(stored), _inFlight);
        _subscription.EndOfStored(0);
        Assert.Equal([stored.Id.ToString(), "EOSE", live.Id.ToString()], _recorder.Sent);
    }

    [Fact]
    public void An_event_that_came_live_and_is_then_found_is_sent_once()
    {
        var value = Make.Note();
        _ = _subscription.DeliverLive(Live(value));
        _subscription.DeliverStored(Stored(value), _inFlight);
        _subscription.EndOfStored(0);
        Assert.Equal([value.Id.ToString(), "EOSE"], _recorder.Sent);
    }

    [Fact]
    public void An_event_that_is_found_before_its_fan_out_is_sent_once_even_when_that_comes_after_EOSE()
    {
        var value = Make.Note();
        _inFlight.Enter(value.Id);
        _subscription.DeliverStored(Stored(value), _inFlight);
        _subscription.EndOfStored(0);
        Assert.False(_subscription.DeliverLive(Live(value)));
        _inFlight.Leave(value.Id);
        Assert.Equal([value.Id.ToString(), "EOSE"], _recorder.Sent);
    }

    [Fact]
    public void An_event_that_expired_while_it_waited_is_not_sent()
    {
        _ = _subscription.DeliverLive(Live(Make.With(new NostrTag("expiration", "1000"))));
        _subscription.EndOfStored(1000);
        Assert.Equal(["EOSE"], _recorder.Sent);
    }

    [Fact]
    public void After_its_end_nothing_is_sent()
    {
        using var query = new CancellationTokenSource();
        _subscription.BeginQuery(query);
        _subscription.End();
        Assert.True(query.IsCancellationRequested);
        _subscription.DeliverStored(Stored(Make.Note()), _inFlight);
        _subscription.EndOfStored(0);
        Assert.False(_subscription.DeliverLive(Live(Make.Note())));
        Assert.Empty(_recorder.Sent);
    }

    [Fact]
    public void Too_many_waiting_live_events_end_the_connection()
    {
        for (var i = 0; i <= 4_096; i++)
        {
            var id = new byte[EventId.Size];
            BitConverter.TryWriteBytes(id, i);
            var value = new NostrEvent { Id = EventId.FromBytes(id), PublicKey = Make.Alice.PublicKey, CreatedAt = 1, Kind = 1, Tags = [], Content = "", Signature = default };
            _ = _subscription.DeliverLive(Live(value));
        }

        Assert.Equal(["overflow"], _recorder.Sent);
    }

    [Fact]
    public void In_flight_counts_an_event_that_two_bring()
    {
        var id = Make.Note().Id;
        _inFlight.Enter(id);
        _inFlight.Enter(id);
        _inFlight.Leave(id);
        Assert.True(_inFlight.Contains(id));
        _inFlight.Leave(id);
        Assert.False(_inFlight.Contains(id));
    }

    [Fact]
    public void Searches_are_for_the_store_and_ephemeral_kinds_are_not()
    {
        var subscription = new Subscription("s", [new() { Search = "x" }, Make.Kind(Make.Ephemeral), Make.Kind(1) with { Limit = 0 }]);
        Assert.Equal([Make.Ephemeral, 1], subscription.LiveFilters.Select(static filter => filter.Kinds![0]));
        Assert.Equal("x", Assert.Single(subscription.StoredFilters).Search);
    }

    private static LiveEvent Live(NostrEvent value) => new(value, EventJson.Of(value));

    private static StoredEvent Stored(NostrEvent value) => new(value.Id, value.PublicKey, value.CreatedAt, value.Kind, EventJson.Of(value));

    private sealed class Recorder : ISubscriber
    {
        public List<string> Sent { get; } = [];

        public Audience Audience => Audience.Anonymous;

        public void Post(Subscription subscription, ReadOnlyMemory<byte> json, bool hasRoom) => Sent.Add(Encoding.UTF8.GetString(json.Span).Substring(7, 64));

        public void Post(RelayMessage message) => Sent.Add(message is RelayEndOfStoredMessage ? "EOSE" : message.ToString());

        public void Overflow() => Sent.Add("overflow");
    }
}
