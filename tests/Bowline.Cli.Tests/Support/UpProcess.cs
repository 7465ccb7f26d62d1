using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Bowline.Testing.Processes;

namespace Bowline.Cli.Tests.Support;

/// <summary>A real <c>bowline up</c> that several tests share.</summary>
public sealed class UpProcess : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private readonly CliHome _home = new();
    private TestProcess? _process;

    public string Home => _home.Path;

    public TestProcess Process => _process!;

    public string Hub { get; private set; } = "";

    public JsonNode Greeting { get; private set; } = new JsonObject();

    public async ValueTask InitializeAsync()
    {
        var (port, content) = FreePorts();
        Hub = $"http://127.0.0.1:{port}";
        _process = TestProcess.Start(
            CliRun.Executable,
            ["up", "--json", "--listen", $"127.0.0.1:{port}", "--content-port", $"{content}"],
            new Dictionary<string, string?>(StringComparer.Ordinal) { ["BOWLINE_HOME"] = Home, ["BOWLINE_HUB"] = null });
        Greeting = JsonNode.Parse(await _process.WaitForLineAsync(line => line.StartsWith('{'), Limit))!;
        var waited = TimeProvider.System.GetTimestamp();
        while (JsonNode.Parse((await RunAsync("status", "--json")).Out)!["links"]?[0]?["state"]?.GetValue<string>() != "online")
        {
            Assert.True(TimeProvider.System.GetElapsedTime(waited) < Limit, _process.Output);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            _process.Signal(Signals.Terminate);
            await _process.WaitForExitAsync(Limit);
        }

        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        _home.Dispose();
    }

    internal static (int Port, int Content) FreePorts()
    {
        using var a = new TcpListener(IPAddress.Loopback, 0);
        using var b = new TcpListener(IPAddress.Loopback, 0);
        a.Start();
        b.Start();
        return (((IPEndPoint)a.LocalEndpoint).Port, ((IPEndPoint)b.LocalEndpoint).Port);
    }

    /// <summary>Enrols another machine, which does not run yet; returns its name.</summary>
    internal async Task<string> JoinAsync(CliHome other)
    {
        var name = "other-" + Guid.NewGuid().ToString("n")[..8];
        var joined = await other.RunWithInputAsync((await RunAsync("hub", "invite")).Out, "node", "join", Hub, "--name", name, "--code-file", "-");
        Assert.True(joined.ExitCode == 0, joined.Error);
        return name;
    }

    internal Task<CliRun> RunAsync(params string[] arguments) => CliRun.RunAsync(Home, null, arguments);
}
