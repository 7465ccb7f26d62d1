using System.Net.WebSockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bowline.Nostr;

/// <summary>Everything a <see cref="RelayPool"/> or <see cref="RelayConnection"/> is told; change a copy with <c>with</c>.</summary>
public sealed record RelayClientOptions
{
    /// <summary>The defaults.</summary>
    public static RelayClientOptions Default { get; } = new();

    /// <summary>How long opening one socket may take.</summary>
    /// <value>10 s: covers name lookup, TLS and upgrade over a bad mobile network.</value>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The wait after the first failure.</summary>
    /// <value>250 ms: a relay that restarts is back in about that time.</value>
    public TimeSpan RetryMin { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The bound of the waits, which double and are spread at random; a relay that was struck out waits this long.</summary>
    /// <value>30 s: a relay that was away for an hour is noticed within half a minute, and a fleet does not return in one wave.</value>
    public TimeSpan RetryMax { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A socket that lived this long makes the next wait short again.</summary>
    /// <value>5 s: a relay that takes connections and drops them at once is not dialled four times a second.</value>
    public TimeSpan StableAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a WebSocket ping is sent.</summary>
    /// <value>2 s: with the wait for its answer a dead socket is noticed within 7 s (measured), which leaves room to the 10 s that are promised.</value>
    public TimeSpan PingInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long the answer to a ping may take before the socket is given up.</summary>
    /// <value>4 s: a mobile network that changes cells is silent for up to three.</value>
    public TimeSpan PingTimeout { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>How long a message that has begun may take to arrive, and one of ours to leave.</summary>
    /// <value>10 s: a megabyte over a slow line; what takes longer is stuck.</value>
    public TimeSpan ReadDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the relay may take to answer a question after the process was frozen or the network changed.</summary>
    /// <value>1 s: several round trips of a slow network; reconnecting costs little more.</value>
    public TimeSpan ProbeTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long the first subscriptions wait for the relay's information document (NIP-11).</summary>
    /// <value>2 s: it is fetched while the socket is opened; without it careful limits hold.</value>
    public TimeSpan InformationTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The longest information document that is read, in bytes.</summary>
    /// <value>64 KiB: those in use have a few.</value>
    public int MaxInformationBytes { get; init; } = 64 * 1024;

    /// <summary>How long subscriptions wait for the answers to the keys that were just proven.</summary>
    /// <value>5 s: checking a thousand signatures takes a relay much less.</value>
    public TimeSpan AuthTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long <see cref="RelayConnection.PublishAsync"/> waits for a connection and an answer.</summary>
    /// <value>10 s: covers a reconnect after a restart of the relay, and is as long as a person waits.</value>
    public TimeSpan PublishTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long <see cref="RelayConnection.QueryAsync"/> waits for the end of the stored events.</summary>
    /// <value>10 s: as for publishing.</value>
    public TimeSpan QueryTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The most events that wait for one relay's answer or for a connection to it.</summary>
    /// <value>1,024: more than a burst of anything people do; beyond it <see cref="RelayPublishStatus.QueueFull"/> is the outcome.</value>
    public int MaxPendingPublishes { get; init; } = 1024;

    /// <summary>How far before the newest event that was seen subscriptions begin on a new socket; what was seen is dropped by its id.</summary>
    /// <value>10 min: clocks of people's machines are that wrong (as NIP-42 allows). Gift wraps, whose time is up to two days wrong on purpose (NIP-59), get two days more.</value>
    public TimeSpan ReplayOverlap { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a subscription that was refused with <c>rate-limited:</c> or <c>error:</c> waits at first; doubles up to a minute.</summary>
    /// <value>2 s: limits are counted by the second or the minute.</value>
    public TimeSpan RefusedRetry { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The most events a subscription holds for its reader.</summary>
    /// <value>1,024: about a page of stored events of the usual relays, so that short work of the reader stops nothing.</value>
    public int SubscriptionCapacity { get; init; } = 1024;

    /// <summary>
    /// How long a full subscription makes its relays wait for its reader. After this without one event taken it ends with
    /// <see cref="RelayError.SlowReader"/>; no event is ever dropped silently.
    /// </summary>
    /// <value>2 s: others on the connection wait along, so no longer than a garbage collection or a slow disk takes.</value>
    public TimeSpan SlowReaderLimit { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Ids a subscription remembers to drop what comes twice, from another relay or on a new socket.</summary>
    /// <value>8,192: more than relays send for one request. An older event that comes again is yielded again.</value>
    public int SeenCapacity { get; init; } = 8192;

    /// <summary>Events of which a pool remembers that they are right, so that copies from other relays cost a hash and no signature check.</summary>
    /// <value>16,384: about two megabytes.</value>
    public int VerifiedCapacity { get; init; } = 16_384;

    /// <summary>The most threads that verify signatures for one relay.</summary>
    /// <value>4: 100,000 events a second, more than one socket brings; fewer on machines with fewer processors.</value>
    public int VerifyThreads { get; init; } = 4;

    /// <summary>The longest message that is read, in bytes; a longer one is skipped and counts as garbage.</summary>
    /// <value>1 MiB: twice what our relay takes.</value>
    public int MaxMessageBytes { get; init; } = 1024 * 1024;

    /// <summary>Bytes of messages that wait to be verified before reading pauses.</summary>
    /// <value>4 MiB: four of the longest messages, or some thousand ordinary ones.</value>
    public int MaxBufferedBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Forged events and garbage on one socket before it is given up and the relay left alone for <see cref="RetryMax"/>.</summary>
    /// <value>20: as many as our relay forgives its clients.</value>
    public int MaxStrikes { get; init; } = 20;

    /// <summary>The most connections for single keys to one relay that honours only one per connection, beside the first.</summary>
    /// <value>8: below the connections per address that relays commonly allow.</value>
    public int MaxKeyConnections { get; init; } = 8;

    /// <summary>How long a pool keeps a connection that nobody uses.</summary>
    /// <value>30 s: publishing now and then does not dial each time.</value>
    public TimeSpan Linger { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a goodbye may take when a connection is closed.</summary>
    /// <value>250 ms: nobody waits longer for a courtesy.</value>
    public TimeSpan CloseTimeout { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Asked before each dial, with everything that can be set on the socket. Default: nothing more.</summary>
    public Action<Uri, ClientWebSocketOptions>? ConfigureWebSocket { get; init; }

    /// <summary>What sends the upgrade and the question for the information document. Default: sockets of its own.</summary>
    public HttpMessageInvoker? Http { get; init; }

    /// <summary>Where time comes from. WebSocket pings are timed by the runtime itself.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Where jitter comes from. Default: seeded by the system.</summary>
    public Random? Random { get; init; }

    /// <summary>Where log messages go. Default: nowhere.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;
}
