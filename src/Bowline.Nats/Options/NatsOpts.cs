using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bowline.Nats;

/// <summary>Everything a connection is told; change a copy with <c>with</c>.</summary>
public sealed record NatsOpts
{
    /// <summary>The defaults.</summary>
    public static readonly NatsOpts Default = new();

    /// <summary>Servers, comma separated: <c>nats://</c>, <c>tls://</c>, <c>ws://</c> or <c>wss://</c>. Default nats://localhost:4222.</summary>
    public string Url { get; init; } = "nats://localhost:4222";

    /// <summary>
    /// Asked before each attempt to connect, for a server whose address may change; what it returns then takes the place of
    /// <see cref="Url"/>. Null keeps the address that is known. Default none.
    /// </summary>
    public Func<string?>? UrlCallback { get; init; }

    /// <summary>The name of this client in the server's lists.</summary>
    public string Name { get; init; } = "bowline";

    /// <summary>Who we are.</summary>
    public NatsAuthOpts AuthOpts { get; init; } = NatsAuthOpts.Default;

    /// <summary>How TLS is done.</summary>
    public NatsTlsOpts TlsOpts { get; init; } = NatsTlsOpts.Default;

    /// <summary>What is added to a WebSocket upgrade.</summary>
    public NatsWebSocketOpts WebSocketOpts { get; init; } = NatsWebSocketOpts.Default;

    /// <summary>How payloads become values. Default: bytes and UTF-8 strings.</summary>
    public INatsSerializerRegistry SerializerRegistry { get; init; } = NatsDefaultSerializerRegistry.Default;

    /// <summary>Receive our own messages. Default true.</summary>
    public bool Echo { get; init; } = true;

    /// <summary>The first token of reply subjects; a user's grant often names its own. Default <c>_INBOX</c>.</summary>
    public string InboxPrefix { get; init; } = "_INBOX";

    /// <summary>Default 5 s: longer than a slow TLS handshake over a mobile network, shorter than a person's patience.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Default 5 s.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Time between PINGs. Default 5 s: with two outstanding, a half-open connection is found within 15 s.</summary>
    public TimeSpan PingInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>PINGs without PONG before the connection is given up. Default 2: one may be lost to a stall.</summary>
    public int MaxPingOut { get; init; } = 2;

    /// <summary>The wait before the first reconnect. Default 50 ms: a restarting server is back in about that time.</summary>
    public TimeSpan ReconnectWaitMin { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>The longest wait between reconnects. Default 2 s: mean 1 s with full jitter, which a hub's listener bears from thousands of nodes.</summary>
    public TimeSpan ReconnectWaitMax { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Keep trying when the very first connect fails. Default false: <see cref="NatsConnection.ConnectAsync"/> throws.</summary>
    public bool RetryOnInitialConnect { get; init; }

    /// <summary>Also use the servers that a cluster announces. Default true; never used with WebSocket addresses.</summary>
    public bool DiscoverServers { get; init; } = true;

    /// <summary>
    /// Messages a subscription holds before it pauses reading. Default 1024. While reading is paused nothing else arrives on this
    /// connection either, so a handler that makes requests on the connection it is fed by should be quick or use another one.
    /// </summary>
    public int SubPendingChannelCapacity { get; init; } = 1024;

    /// <summary>
    /// Run what follows an awaited request directly on the read loop. Default false. Saves a thread switch per request; only for code that
    /// never blocks between one request and the next.
    /// </summary>
    public bool InlineRequestContinuations { get; init; }

    /// <summary>Where time comes from.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Where jitter and inbox names come from. Default: seeded by the system.</summary>
    public Random? Random { get; init; }

    /// <summary>Where log messages go. Default: nowhere.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;
}
