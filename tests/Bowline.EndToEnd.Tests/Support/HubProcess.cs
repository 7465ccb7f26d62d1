using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Bowline.Testing.Processes;

namespace Bowline.EndToEnd.Tests.Support;

/// <summary>A real <c>bowline hub</c> with its nats-server, and a client with the operator's token.</summary>
internal sealed class HubProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(20);
    private readonly HomeFolder _home = new();
    private readonly TestProcess _process;

    private HubProcess(int port, int contentPort)
    {
        Url = new Uri($"http://127.0.0.1:{port}/");
        ContentUrl = new Uri($"http://127.0.0.1:{contentPort}/");
        _process = BowlineProgram.Start(_home.Path, "hub", "--listen", $"127.0.0.1:{port}", "--content-port", contentPort.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Http = new HttpClient { BaseAddress = Url, Timeout = TimeSpan.FromMinutes(5) };
    }

    public Uri Url { get; }

    public Uri ContentUrl { get; }

    public HttpClient Http { get; }

    public string Home => _home.Path;

    public TestProcess Process => _process;

    public static async Task<HubProcess> StartAsync(CancellationToken cancellationToken)
    {
        var (port, contentPort) = FreePorts.Two();
        var hub = new HubProcess(port, contentPort);
        try
        {
            await hub._process.WaitForLineAsync(line => line.Contains("/login#", StringComparison.Ordinal), StartLimit, cancellationToken);
            hub.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", hub._home.Token);
            return hub;
        }
        catch
        {
            await hub.DisposeAsync();
            throw;
        }
    }

    /// <summary>A fresh invitation code.</summary>
    public async Task<string> InviteAsync(CancellationToken cancellationToken)
    {
        using var response = await Http.PostAsync("api/invites", content: null, cancellationToken);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<JsonNode>(cancellationToken))!["code"]!.GetValue<string>();
    }

    /// <summary>The process id of its nats-server.</summary>
    public int NatsServerId() => int.Parse(
        File.ReadAllText(Directory.EnumerateFiles(Path.Combine(_home.Path, "hub"), "nats.pid", SearchOption.AllDirectories).Single()).Trim(),
        System.Globalization.CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (!_process.HasExited)
        {
            _process.Signal(Signals.Terminate);
            await _process.WaitForExitAsync(TimeSpan.FromSeconds(10));
        }

        await _process.DisposeAsync();
        _home.Dispose();
    }
}
