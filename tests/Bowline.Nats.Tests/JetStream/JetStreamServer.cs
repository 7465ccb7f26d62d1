using Bowline.Nats.JetStream;
using Bowline.Nats.KeyValueStore;
using Bowline.Testing.NatsServers;

namespace Bowline.Nats.Tests.JetStream;

/// <summary>A real nats-server with JetStream and a connection to it.</summary>
internal sealed class JetStreamServer : IAsyncDisposable
{
    private readonly List<NatsConnection> _connections = [];

    private JetStreamServer(NatsServerProcess process) => Process = process;

    public NatsServerProcess Process { get; }

    public NatsConnection Connection => _connections[0];

    public NatsJSContext Js { get; private set; } = null!;

    public NatsKVContext Kv => new(Js);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<JetStreamServer> StartAsync()
    {
        var server = new JetStreamServer(await NatsServerProcess.StartAsync(NatsServerOptions.WithJetStream, Ct));
        server.Js = new NatsJSContext(await server.ConnectAsync());
        return server;
    }

    public async Task<NatsConnection> ConnectAsync()
    {
        var connection = new NatsConnection(new NatsOpts { Url = Process.Url });
        _connections.Add(connection);
        await connection.ConnectAsync(Ct);
        return connection;
    }

    public Task<NatsJSStream> CreateEventsAsync() => Js.CreateStreamAsync(
        new StreamConfig { Name = "EVT", Subjects = ["evt.>"], Storage = StreamConfigStorage.File, AllowDirect = true }, Ct).AsTask();

    public async Task PublishAsync(int count, string subject = "evt.a")
    {
        for (var i = 0; i < count; i++)
        {
            await Js.PublishAsync(subject, $"{i}", cancellationToken: Ct);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in _connections)
        {
            await connection.DisposeAsync();
        }

        await Process.DisposeAsync();
    }
}
