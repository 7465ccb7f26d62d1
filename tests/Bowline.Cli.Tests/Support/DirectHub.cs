using System.Globalization;
using Bowline.Testing.NatsServers;
using Bowline.Testing.Processes;

namespace Bowline.Cli.Tests.Support;

/// <summary>A real <c>bowline hub</c> on an operator's own NATS, whose address nodes may use, without the keys to cut them off there.</summary>
internal sealed class DirectHub : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private readonly CliHome _home = new();
    private readonly NatsServerProcess _nats;
    private readonly string _url;
    private readonly TestProcess _process;

    private DirectHub(NatsServerProcess nats)
    {
        _nats = nats;
        var (port, content) = UpProcess.FreePorts();
        _url = $"http://127.0.0.1:{port}";
        var keys = nats.Operator!;
        _process = TestProcess.Start(
            CliRun.Executable,
            [
                "hub", "--listen", $"127.0.0.1:{port}", "--content-port", content.ToString(CultureInfo.InvariantCulture),
                "--nats", nats.Url, "--nats-public-url", nats.Url,
                "--nats-hub-creds", Write("hub.creds", keys.HubCreds().Format()),
                "--nats-link-creds", Write("link.creds", keys.LinkCreds().Format()),
                "--nats-link-signing-key", Write("signing.nk", keys.LinksSigningKey.Seed),
            ],
            new Dictionary<string, string?>(StringComparer.Ordinal) { ["BOWLINE_HOME"] = _home.Path, ["BOWLINE_HUB"] = null });
    }

    /// <summary>The line that it printed at its start about revocations.</summary>
    public string Notice { get; private set; } = "";

    public static async Task<DirectHub> StartAsync(CancellationToken cancellationToken)
    {
        var hub = new DirectHub(await NatsServerProcess.StartAsync(NatsServerOptions.WithOperator, cancellationToken));
        try
        {
            hub.Notice = await hub._process.WaitForLineAsync(line => line.Contains("a revocation is", StringComparison.Ordinal), Limit, cancellationToken);
            return hub;
        }
        catch
        {
            await hub.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a command on the hub's machine.</summary>
    public Task<CliRun> RunAsync(params string[] arguments) => _home.RunAsync([.. arguments, "--hub", _url]);

    /// <summary>Enrols a machine that does not run.</summary>
    public async Task JoinAsync(string name)
    {
        using var other = new CliHome();
        var joined = await other.RunWithInputAsync((await RunAsync("hub", "invite")).Out, "node", "join", _url, "--name", name, "--code-file", "-");
        Assert.True(joined.ExitCode == 0, joined.Error);
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        await _nats.DisposeAsync();
        _home.Dispose();
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_home.Path, name);
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return path;
    }
}
