namespace Bowline.Nostr.Tests.Relays;

/// <summary>Drives the machine by hand, in virtual time.</summary>
internal sealed class LinkDriver
{
    public static readonly Uri Relay = new("ws://relay.test/");

    public LinkDriver(RelayClientOptions? options = null, Random? random = null)
    {
        Options = options ?? RelayClientOptions.Default;
        Machine = new LinkMachine(Relay, Options, random ?? new Random(1));
    }

    public RelayClientOptions Options { get; }

    public LinkMachine Machine { get; }

    public List<LinkEffect> Effects { get; } = [];

    public TimeSpan Elapsed { get; private set; }

    public static DateTimeOffset Start { get; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public Moment Now => new(Elapsed, Start + Elapsed);

    public long Seconds => Now.Seconds;

    public int Op { get; private set; }

    public IReadOnlyList<LinkEffect> Do(LinkEvent occurred)
    {
        var effects = Machine.Handle(occurred, Now);
        Effects.AddRange(effects);
        Op = effects.OfType<LinkEffect.Dial>().LastOrDefault()?.Op ?? Op;
        return effects;
    }

    public IReadOnlyList<LinkEffect> Receive(RelayMessage message) => Do(new LinkEvent.Received(Op, message));

    /// <summary>Moves time on to the next wake-ups, one by one, up to so much.</summary>
    public void Pass(TimeSpan time)
    {
        var end = Elapsed + time;
        while (Machine.NextWake is { } due && due <= end)
        {
            Elapsed = due > Elapsed ? due : Elapsed;
            Do(new LinkEvent.Ticked());
        }

        Elapsed = end;
    }

    /// <summary>Connects, and says what the relay's limits are.</summary>
    public List<ClientMessage> Open(RelayInformation? information = null)
    {
        if (Op == 0)
        {
            Do(new LinkEvent.Started());
            Do(new LinkEvent.Informed(information));
        }

        Do(new LinkEvent.Dialed(Op));
        return Drain();
    }

    /// <summary>Loses the socket and dials again when the wait is over.</summary>
    public void Lose()
    {
        Do(new LinkEvent.Lost(Op, "lost"));
        Pass(TimeSpan.FromSeconds(30));
        Assert.Equal(RelayPhase.Connecting, Machine.Phase);
    }

    /// <summary>All that is to be sent now.</summary>
    public List<ClientMessage> Drain()
    {
        List<ClientMessage> messages = [];
        while (Machine.Next(Op, Now) is { } message)
        {
            messages.Add(message);
        }

        return messages;
    }

    public LinkSubscription Subscribe(NostrFilter filter, NostrKey? key = null) => Subscribe([filter], key);

    public LinkSubscription Subscribe(IReadOnlyList<NostrFilter> filters, NostrKey? key = null)
    {
        var subscription = new LinkSubscription(new SubscriptionQueue([Relay], 10, Options), Relay, filters, key);
        Do(new LinkEvent.Subscribed(subscription));
        return subscription;
    }

    public PendingPublish Publish(NostrEvent value, NostrKey? key = null, double seconds = 10)
    {
        var publish = new PendingPublish(value, key, TimeSpan.FromSeconds(seconds));
        Do(new LinkEvent.Published(publish));
        return publish;
    }

    public RelayPublishOutcome? OutcomeOf(PendingPublish publish) =>
        Effects.OfType<LinkEffect.Finished>().Where(effect => effect.Publish == publish).Select(static effect => effect.Outcome).SingleOrDefault();
}

/// <summary>Draws the same number each time.</summary>
internal sealed class FixedRandom(double value) : Random
{
    public override double NextDouble() => value;
}
