namespace Bowline.Testing.NatsServers;

/// <summary>What kind of nats-server a test wants.</summary>
public sealed record NatsServerOptions
{
    /// <summary>A plain server without JetStream and without authentication.</summary>
    public static NatsServerOptions Plain { get; } = new();

    /// <summary>A server with JetStream and without authentication.</summary>
    public static NatsServerOptions WithJetStream { get; } = new() { JetStream = true };

    /// <summary>Operator mode with JetStream in the hub's account, as a hub runs it.</summary>
    public static NatsServerOptions WithOperator { get; } = new() { JetStream = true, OperatorMode = true };

    /// <summary>Turns JetStream on, stored in the server's own temporary folder.</summary>
    public bool JetStream { get; init; }

    /// <summary>Generates an operator and three accounts, see <see cref="NatsTestOperator"/>.</summary>
    public bool OperatorMode { get; init; }

    /// <summary>In operator mode, keeps accounts in a full resolver's folder instead of in memory.</summary>
    public bool FullResolver { get; init; }

    /// <summary>Opens a WebSocket listener as well.</summary>
    public bool WebSocket { get; init; }

    /// <summary>TLS on the client port, with a certificate for 127.0.0.1 and localhost made for this server.</summary>
    public bool Tls { get; init; }

    /// <summary>With TLS, lets only clients in that show the server's <see cref="NatsServerProcess.ClientCertificate"/>.</summary>
    public bool VerifyClients { get; init; }

    /// <summary>Opens a cluster port, for other servers to join.</summary>
    public bool Cluster { get; init; }

    /// <summary>The <see cref="NatsServerProcess.ClusterUrl"/> of another server, to join its cluster; null for none.</summary>
    public string? Joins { get; init; }

    /// <summary>Opens the monitoring port as well.</summary>
    public bool Monitoring { get; init; }

    /// <summary>How long a client that does not read may hold up its publishers; null for two seconds.</summary>
    public TimeSpan? WriteDeadline { get; init; }

    /// <summary>Most bytes in one message; null for 1 MiB.</summary>
    public int? MaxPayload { get; init; }

    /// <summary>Most bytes of one protocol line; null for 32 KiB.</summary>
    public int? MaxControlLine { get; init; }

    /// <summary>How often the server pings; null for its default.</summary>
    public TimeSpan? PingInterval { get; init; }

    /// <summary>Lines added to the configuration file, for example an <c>authorization</c> block; null for none.</summary>
    public string? ExtraConfiguration { get; init; }
}
