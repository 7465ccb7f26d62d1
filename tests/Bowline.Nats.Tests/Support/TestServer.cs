using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Bowline.Nats.Tests.Support;

/// <summary>A real nats-server with a configuration of the test's own.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("bowline-nats-");
    private readonly string _config;
    private Process? _process;

    private TestServer(string config)
    {
        Port = FreePort();
        _config = config;
    }

    public int Port { get; }

    public int WebSocketPort { get; private set; }

    public string Url => $"nats://127.0.0.1:{Port}";

    public int ProcessId => _process!.Id;

    public string Folder => _folder.FullName;

    public static async Task<TestServer> StartAsync(string config = "")
    {
        var server = new TestServer(config);
        await server.StartProcessAsync();
        return server;
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public NatsConnection Connection(Func<NatsOpts, NatsOpts>? configure = null)
    {
        var opts = NatsOpts.Default with { Url = Url };
        return new NatsConnection(configure?.Invoke(opts) ?? opts);
    }

    public async Task StartProcessAsync()
    {
        var path = Path.Combine(Folder, "nats.conf");
        await File.WriteAllTextAsync(path, $"listen: \"127.0.0.1:{Port}\"\nports_file_dir: \"{Folder}\"\n{_config}\n");
        _process = Process.Start(new ProcessStartInfo("nats-server", ["-c", path, "-l", Path.Combine(Folder, "server.log")]))!;
        var ports = Path.Combine(Folder, $"nats-server_{_process.Id}.ports");
        for (var start = Stopwatch.StartNew(); ;)
        {
            if (File.Exists(ports) && await TryReadPortsAsync(ports))
            {
                return;
            }

            if (_process.HasExited || start.Elapsed > TimeSpan.FromSeconds(10))
            {
                throw new InvalidOperationException("nats-server did not start: " + await File.ReadAllTextAsync(Path.Combine(Folder, "server.log")));
            }

            await Task.Delay(5);
        }
    }

    public async Task KillAsync()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }
    }

    public void Signal(string signal) => Process.Start("kill", [$"-{signal}", $"{_process!.Id}"])!.WaitForExit();

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process?.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task<bool> TryReadPortsAsync(string path)
    {
        try
        {
            using var json = JsonDocument.Parse(await File.ReadAllTextAsync(path));
            if (json.RootElement.TryGetProperty("websocket", out var urls))
            {
                WebSocketPort = new Uri(urls[0].GetString()!).Port;
            }

            return json.RootElement.GetProperty("nats").GetArrayLength() > 0;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
