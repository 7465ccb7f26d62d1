using System.Security.Cryptography.X509Certificates;
using Bowline.Nats.Server;

namespace Bowline.Testing.NatsServers;

/// <summary>The temporary folder of one server: its configuration, store, ports file and certificate.</summary>
internal sealed class NatsServerFolder : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("bowline-nats-").FullName;
    private readonly NatsServerOptions _options;
    private readonly NatsServerConfig _config;

    public NatsServerFolder(NatsServerOptions options, NatsTestOperator? accounts, TimeProvider time)
    {
        _options = options;
        Directory.CreateDirectory(RunFolder);
        Certificate = options.Tls ? ServerCertificate.Create(In("cert.pem"), In("key.pem"), time.GetUtcNow()) : null;
        ClientCertificate = options.VerifyClients ? ServerCertificate.CreateClient(In("clients.pem"), time.GetUtcNow()) : null;
        var defaults = new NatsServerConfig();
        _config = defaults with
        {
            ServerName = System.IO.Path.GetFileName(_root), // Servers of a cluster must not have the same name.
            PortsFileDirectory = RunFolder,
            MonitoringPort = options.Monitoring ? -1 : null,
            MaxPayload = options.MaxPayload ?? defaults.MaxPayload,
            MaxControlLine = options.MaxControlLine ?? defaults.MaxControlLine,
            WriteDeadline = options.WriteDeadline ?? defaults.WriteDeadline,
            PingInterval = options.PingInterval,
            JetStream = options.JetStream ? new NatsServerJetStream(In("js")) : null,
            Operator = accounts?.ToConfig(options.FullResolver ? In("accounts") : null),
            Tls = options.Tls ? new NatsServerTls(In("cert.pem"), In("key.pem")) { VerifyClients = options.VerifyClients, CertificateAuthorityFile = options.VerifyClients ? In("clients.pem") : null } : null,
        };
    }

    public X509Certificate2? Certificate { get; }

    public X509Certificate2? ClientCertificate { get; }

    public string Path => _root;

    public string ConfigFile => In("nats.conf");

    private string RunFolder => In("run");

    /// <summary>Writes the configuration; the ports of an earlier start are kept, so that a restart is found by its clients.</summary>
    public void WriteConfig(int port, int webSocketPort)
    {
        var config = _config with { Port = port, WebSocketPort = _options.WebSocket ? webSocketPort : null };
        File.WriteAllText(ConfigFile, config.ToText() + ClusterText() + _options.ExtraConfiguration + "\n");
    }

    /// <summary>What the server with this process id has said about its ports, or null if nothing yet.</summary>
    public NatsServerPorts? ReadPorts(int processId)
    {
        var file = System.IO.Path.Combine(RunFolder, NatsServerPorts.FileName(processId));
        return File.Exists(file) && NatsServerPorts.TryParse(File.ReadAllText(file), out var ports) ? ports : null;
    }

    public void Dispose()
    {
        Certificate?.Dispose();
        ClientCertificate?.Dispose();
        if (Directory.Exists(_root))
        {
            Directory.Delete(_root, recursive: true);
        }
    }

    private string ClusterText() => !_options.Cluster && _options.Joins is null
        ? ""
        : $"cluster {{\n  name: test\n  listen: \"127.0.0.1:-1\"\n  routes: [{(_options.Joins is { } url ? $"\"{url}\"" : "")}]\n}}\n";

    private string In(string name) => System.IO.Path.Combine(_root, name);
}
