using System.Globalization;
using System.Text;

namespace Bowline.Nats.Server;

/// <summary>
/// The configuration file of a <c>nats-server</c> (2.9.10 or newer) that listens on loopback only.
/// Port -1 lets the server choose; <see cref="NatsServerPorts"/> reads back what it chose.
/// </summary>
public sealed record NatsServerConfig
{
    /// <summary>The server's name in its INFO line.</summary>
    public string ServerName { get; init; } = "bowline";

    /// <summary>The address of every listener. Loopback, because old servers can be crashed before authentication.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>The client port; -1 for a free one.</summary>
    public int Port { get; init; } = -1;

    /// <summary>The unauthenticated monitoring port; null for none, -1 for a free one.</summary>
    public int? MonitoringPort { get; init; }

    /// <summary>The folder in which the server writes <c>nats-server_&lt;pid&gt;.ports</c>; null for none.</summary>
    public string? PortsFileDirectory { get; init; }

    /// <summary>The file in which the server writes its process id; null for none. The server never removes it.</summary>
    public string? PidFile { get; init; }

    /// <summary>Most bytes of headers and payload in one message.</summary>
    /// <value>1 MiB, the server's own default.</value>
    public int MaxPayload { get; init; } = 1024 * 1024;

    /// <summary>Most bytes the server buffers for one client before it cuts it off.</summary>
    /// <value>8 MiB: enough for the windows of a link, far below what would hurt a small machine.</value>
    public int MaxPending { get; init; } = 8 * 1024 * 1024;

    /// <summary>Most bytes of one protocol line.</summary>
    /// <value>32 KiB, because the CONNECT line carries the user's token and the server's default of 4 KiB is too small for one.</value>
    public int MaxControlLine { get; init; } = 32 * 1024;

    /// <summary>How long a client that does not read may hold up those who publish to it.</summary>
    /// <value>2 s; the server's default of 10 s lets one stuck reader stall its publishers for seconds.</value>
    public TimeSpan WriteDeadline { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How often the server pings its clients; null for its default of two minutes.</summary>
    public TimeSpan? PingInterval { get; init; }

    /// <summary>JetStream's storage; null turns it off.</summary>
    public NatsServerJetStream? JetStream { get; init; }

    /// <summary>Operator mode; null for none.</summary>
    public NatsServerOperator? Operator { get; init; }

    /// <summary>TLS for the client port; null for plain TCP.</summary>
    public NatsServerTls? Tls { get; init; }

    /// <summary>The WebSocket port without TLS; null, the right value outside tests, for none. -1 for a free one.</summary>
    public int? WebSocketPort { get; init; }

    /// <summary>The configuration file's text. It holds tokens but no keys.</summary>
    /// <exception cref="ArgumentException">A value holds a control character.</exception>
    public string ToText()
    {
        var text = new StringBuilder();
        Line(text, "server_name", Quote(ServerName));
        Line(text, "listen", Listen(Port));
        if (MonitoringPort is { } monitoring)
        {
            Line(text, "http", Listen(monitoring));
        }

        Optional(text, "ports_file_dir", PortsFileDirectory);
        Optional(text, "pid_file", PidFile);
        Line(text, "max_payload", Number(MaxPayload));
        Line(text, "max_pending", Number(MaxPending));
        Line(text, "max_control_line", Number(MaxControlLine));
        Line(text, "write_deadline", Duration(WriteDeadline));
        Line(text, "lame_duck_duration", "\"30s\"");
        Line(text, "lame_duck_grace_period", "\"1s\"");
        if (PingInterval is { } ping)
        {
            Line(text, "ping_interval", Duration(ping));
        }

        AppendJetStream(text);
        AppendOperator(text);
        AppendListeners(text);
        return text.ToString();
    }

    private void AppendJetStream(StringBuilder text)
    {
        if (JetStream is { } js)
        {
            text.Append("jetstream {\n");
            Line(text, "  store_dir", Quote(js.StoreDirectory));
            Line(text, "  max_mem", Number(js.MaxMemory));
            Line(text, "  max_file", Number(js.MaxFile));
            text.Append("}\n");
        }
    }

    private void AppendOperator(StringBuilder text)
    {
        if (Operator is { } op)
        {
            Line(text, "operator", Quote(op.OperatorToken));
            Line(text, "system_account", Quote(op.SystemAccount));
            AppendResolver(text, op);
            text.Append("resolver_preload {\n");
            foreach (var (account, token) in op.Accounts.OrderBy(p => p.Key, StringComparer.Ordinal))
            {
                Line(text, "  " + Quote(account), Quote(token));
            }

            text.Append("}\n");
        }
    }

    private static void AppendResolver(StringBuilder text, NatsServerOperator op)
    {
        if (op.ResolverDirectory is not { } directory)
        {
            text.Append("resolver: MEMORY\n");
            return;
        }

        text.Append("resolver {\n  type: full\n");
        Line(text, "  dir", Quote(directory));
        text.Append("}\n");
    }

    private void AppendListeners(StringBuilder text)
    {
        if (Tls is { } tls)
        {
            text.Append("tls {\n");
            Line(text, "  cert_file", Quote(tls.CertificateFile));
            Line(text, "  key_file", Quote(tls.KeyFile));
            Optional(text, "  ca_file", tls.CertificateAuthorityFile);
            Line(text, "  verify", tls.VerifyClients ? "true" : "false");
            text.Append("}\n");
        }

        if (WebSocketPort is { } webSocket)
        {
            text.Append("websocket {\n");
            Line(text, "  listen", Listen(webSocket));
            text.Append("  no_tls: true\n}\n");
        }
    }

    private string Listen(int port) => Quote(Host + ":" + Number(port));

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Duration(TimeSpan value) => Quote(Number((long)value.TotalMilliseconds) + "ms");

    private static void Line(StringBuilder text, string key, string value) => text.Append(key).Append(": ").Append(value).Append('\n');

    private static void Optional(StringBuilder text, string key, string? value)
    {
        if (value is not null)
        {
            Line(text, key, Quote(value));
        }
    }

    // Values come from folders a person chose: a quote or a line break in one must not become configuration.
    private static string Quote(string value) => value.Any(char.IsControl)
        ? throw new ArgumentException("A configuration value holds a control character.", nameof(value))
        : "\"" + value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"";
}
