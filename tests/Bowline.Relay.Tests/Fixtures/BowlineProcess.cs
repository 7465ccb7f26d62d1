using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Bowline.Testing.Processes;

namespace Bowline.Relay.Tests;

/// <summary>The real executable as a relay: <c>bowline relay</c>, or the relay of a <c>bowline hub</c>.</summary>
internal sealed class BowlineProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TestProcess _process;
    private readonly DirectoryInfo _home;

    private BowlineProcess(TestProcess process, DirectoryInfo home)
    {
        _process = process;
        _home = home;
    }

    /// <summary>The relay's address.</summary>
    public Uri Relay { get; private set; } = new("ws://none.invalid");

    /// <summary>A relay alone.</summary>
    public static async Task<BowlineProcess> RelayAsync(params string[] options)
    {
        var started = Start(["relay", "--json", "--listen", "127.0.0.1:0", .. options]);
        var line = await started.WaitAsync(static line => line.StartsWith('{'));
        started.Relay = new Uri(JsonNode.Parse(line)!["url"]!.GetValue<string>());
        return started;
    }

    /// <summary>A hub with its relay.</summary>
    public static async Task<BowlineProcess> HubAsync()
    {
        var (port, content) = (FreePort(), FreePort());
        var started = Start(["hub", "--listen", $"127.0.0.1:{port}", "--content-port", $"{content}"]);
        _ = await started.WaitAsync(static line => line.Contains("/login#", StringComparison.Ordinal));
        started.Relay = new Uri($"ws://127.0.0.1:{port}/relay");
        return started;
    }

    /// <summary>Ends it at once, as a crash does.</summary>
    public void Kill() => _process.Signal(Signals.Kill);

    public Task<int> WaitForExitAsync() => _process.WaitForExitAsync(Patience);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Signal(Signals.Terminate);
            _ = await _process.WaitForExitAsync(Patience);
        }

        await _process.DisposeAsync();
        _home.Delete(recursive: true);
    }

    private static BowlineProcess Start(string[] arguments)
    {
        var home = Directory.CreateTempSubdirectory("br-"); // Short enough for a Unix socket in it.
        return new(
            TestProcess.Start(
                Path.Combine(AppContext.BaseDirectory, "bowline"),
                arguments,
                new Dictionary<string, string?>(StringComparer.Ordinal) { ["BOWLINE_HOME"] = home.FullName, ["BOWLINE_HUB"] = null, ["BOWLINE_TOKEN_FILE"] = null }),
            home);
    }

    private async Task<string> WaitAsync(Func<string, bool> isIt)
    {
        try
        {
            return await _process.WaitForLineAsync(isIt, Patience);
        }
        catch
        {
            await _process.DisposeAsync();
            _home.Delete(recursive: true);
            throw;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
