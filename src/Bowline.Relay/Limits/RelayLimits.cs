using System.Globalization;

namespace Bowline.Relay;

/// <summary>Every limit of a relay. All are enforced, advertised in its NIP-11 document, and checked when it starts.</summary>
public sealed record RelayLimits
{
    /// <summary>Bytes of one message; counted while it arrives.</summary>
    /// <value>512 KiB: the largest content with every character escaped once, and its tags. 1 KiB to 16 MiB.</value>
    public int MessageBytes { get; init; } = 512 * 1024;

    /// <summary>Open subscriptions of one connection.</summary>
    /// <value>64: several times what a busy client keeps open. 1 to 10,000.</value>
    public int Subscriptions { get; init; } = 64;

    /// <summary>Characters of a subscription's id.</summary>
    /// <value>64, the number in NIP-01. 1 to 256.</value>
    public int SubscriptionIdLength { get; init; } = 64;

    /// <summary>Filters of one REQ or COUNT.</summary>
    /// <value>16: clients in use send up to ten. 1 to 1,000.</value>
    public int Filters { get; init; } = 16;

    /// <summary>Values in all lists of one filter.</summary>
    /// <value>5,000: the authors a person follows, several times over. 1 to 100,000.</value>
    public int FilterValues { get; init; } = 5_000;

    /// <summary>Stored events per filter; a larger or missing limit is taken as this.</summary>
    /// <value>5,000: a page for people, and bounded work for one question. 1 to 100,000.</value>
    public int Limit { get; init; } = 5_000;

    /// <summary>Tags of one event.</summary>
    /// <value>2,000: the follow lists of real people fit. 0 to 100,000.</value>
    public int Tags { get; init; } = 2_000;

    /// <summary>Bytes of the content of one event, in UTF-8.</summary>
    /// <value>256 KiB: long articles fit, files do not. 0 to 16 MiB.</value>
    public int ContentBytes { get; init; } = 256 * 1024;

    /// <summary>How far an event's time may be ahead of ours.</summary>
    /// <value>15 minutes: wrong clocks of phones are within it, and a post-dated event cannot stay on top for long. 0 to a day.</value>
    public TimeSpan CreatedAhead { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Events of one connection; null for no limit.</summary>
    /// <value>100 a second, 500 at once: far above any person, an agent's output in bursts still passes.</value>
    public RelayRate? EventsPerConnection { get; init; } = new(100, 500);

    /// <summary>Events of all connections from one address; null for no limit.</summary>
    /// <value>400 a second, 2,000 at once: several machines behind one router.</value>
    public RelayRate? EventsPerAddress { get; init; } = new(400, 2_000);

    /// <summary>REQs and COUNTs of one connection; null for no limit.</summary>
    /// <value>50 a second, 250 at once: a client that opens everything again after a reconnect passes.</value>
    public RelayRate? RequestsPerConnection { get; init; } = new(50, 250);

    /// <summary>REQs and COUNTs of all connections from one address; null for no limit.</summary>
    /// <value>200 a second, 1,000 at once: several machines behind one router.</value>
    public RelayRate? RequestsPerAddress { get; init; } = new(200, 1_000);

    /// <summary>Open connections from one address (IPv6: one /64).</summary>
    /// <value>128: an office behind one router, and far from what exhausts a process. 1 to 1,000,000.</value>
    public int ConnectionsPerAddress { get; init; } = 128;

    /// <summary>Bytes that may wait to be sent on one connection; one that lets more pile up is disconnected.</summary>
    /// <value>4 MiB: seconds of a slow mobile network. 64 KiB to 1 GiB.</value>
    public int OutgoingBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Malformed or forged messages of one connection before it is closed.</summary>
    /// <value>20: a client with a bug gets answers to learn from, a fuzzer does not stay. 1 to 10,000.</value>
    public int Strikes { get; init; } = 20;

    /// <summary>Events that wait for their commit and queries that wait or run, of one connection; above it nothing more is read from it.</summary>
    /// <value>256: enough to fill the store's batches, and bounded memory. 1 to 100,000.</value>
    public int Pending { get; init; } = 256;

    /// <summary>Queries of one connection that run at a time; others wait.</summary>
    /// <value>4: opening many subscriptions at once does not shut others out. 1 to 1,000.</value>
    public int QueriesPerConnection { get; init; } = 4;

    /// <summary>Queries that run at a time in all; others wait.</summary>
    /// <value>16: more than the cores of common machines, and bounded memory. 1 to 10,000.</value>
    public int Queries { get; init; } = 16;

    /// <summary>Keys one connection may authenticate (NIP-42).</summary>
    /// <value>64: all agents of one machine. 1 to 10,000.</value>
    public int AuthenticatedKeys { get; init; } = 64;

    /// <summary>Presences one connection may own (see docs/protocol/relay-presence.md).</summary>
    /// <value>32: the networks of one node. 1 to 10,000.</value>
    public int Presences { get; init; } = 32;

    /// <summary>A connection from which nothing came for so long is pinged.</summary>
    /// <value>30 s: within what routers keep for an idle connection. 1 s to a day.</value>
    public TimeSpan PingAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A pinged connection that stays silent for so long is dropped; so is one on which a write gets nowhere, or whose close is not answered.</summary>
    /// <value>15 s: the longest hiccup of a mobile network that still comes back. 1 s to an hour.</value>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Throws for the first value that is out of its range.</summary>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public void Validate()
    {
        InRange(nameof(MessageBytes), MessageBytes, 1024, 16 << 20);
        InRange(nameof(Subscriptions), Subscriptions, 1, 10_000);
        InRange(nameof(SubscriptionIdLength), SubscriptionIdLength, 1, 256);
        InRange(nameof(Filters), Filters, 1, 1_000);
        InRange(nameof(FilterValues), FilterValues, 1, 100_000);
        InRange(nameof(Limit), Limit, 1, 100_000);
        InRange(nameof(Tags), Tags, 0, 100_000);
        InRange(nameof(ContentBytes), ContentBytes, 0, 16 << 20);
        InRange(nameof(CreatedAhead), CreatedAhead.TotalSeconds, 0, 86_400);
        InRange(nameof(EventsPerConnection), EventsPerConnection);
        InRange(nameof(EventsPerAddress), EventsPerAddress);
        InRange(nameof(RequestsPerConnection), RequestsPerConnection);
        InRange(nameof(RequestsPerAddress), RequestsPerAddress);
        InRange(nameof(ConnectionsPerAddress), ConnectionsPerAddress, 1, 1_000_000);
        InRange(nameof(OutgoingBytes), OutgoingBytes, 64 << 10, 1 << 30);
        InRange(nameof(Strikes), Strikes, 1, 10_000);
        InRange(nameof(Pending), Pending, 1, 100_000);
        InRange(nameof(QueriesPerConnection), QueriesPerConnection, 1, 1_000);
        InRange(nameof(Queries), Queries, 1, 10_000);
        InRange(nameof(AuthenticatedKeys), AuthenticatedKeys, 1, 10_000);
        InRange(nameof(Presences), Presences, 1, 10_000);
        InRange(nameof(PingAfter), PingAfter.TotalSeconds, 1, 86_400);
        InRange(nameof(Patience), Patience.TotalSeconds, 1, 3_600);
    }

    private static void InRange(string name, RelayRate? rate)
    {
        if (rate is { } value)
        {
            InRange($"{name}.{nameof(RelayRate.PerSecond)}", value.PerSecond, 0.001, 1_000_000);
            InRange($"{name}.{nameof(RelayRate.Burst)}", value.Burst, 1, 10_000_000);
        }
    }

    private static void InRange(string name, double value, double least, double most)
    {
        if (!(value >= least && value <= most))
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"The relay's limit {name} is {value}; it must be between {least} and {most}."), name);
        }
    }
}
