using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Bowline.Testing.Network;
using Bowline.Testing.Processes;

namespace Bowline.EndToEnd.Tests.Support;

/// <summary>A real <c>bowline hub</c> with its nats-server, and a client with the operator's token.</summary>
internal sealed class HubProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(20);
    private readonly HomeFolder _home = new();
    private readonly FaultProxy? _proxy;

    private HubProcess(int port, int contentPort, bool proxied, string[] options)
    {
        Url = new Uri($"http://127.0.0.1:{port}/");
        ContentUrl = new Uri($"http://127.0.0.1:{contentPort}/");
        _proxy = proxied ? FaultProxy.Start(port) : null;
        string[] proxy = proxied ? ["--public-url", NodeUrl.ToString()] : [];
        Process = BowlineProgram.Start(_home.Path, ["hub", "--listen", $"127.0.0.1:{port}", "--content-port", contentPort.ToString(CultureInfo.InvariantCulture), .. proxy, .. options]);
        Http = new HttpClient { BaseAddress = Url, Timeout = TimeSpan.FromMinutes(5) };
    }

    public Uri Url { get; }

    public Uri ContentUrl { get; }

    /// <summary>The address nodes dial: through the proxy when there is one.</summary>
    public Uri NodeUrl => _proxy is null ? Url : new Uri($"http://127.0.0.1:{_proxy.Port}/");

    /// <summary>What stands between the nodes and this hub.</summary>
    public FaultProxy Proxy => _proxy ?? throw new InvalidOperationException("The hub was started without a proxy.");

    public HttpClient Http { get; }

    public string Home => _home.Path;

    public string Token => _home.Token;

    public TestProcess Process { get; }

    public static async Task<HubProcess> StartAsync(CancellationToken cancellationToken, bool proxied = false, params string[] options)
    {
        var (port, contentPort) = FreePorts.Two();
        var hub = new HubProcess(port, contentPort, proxied, options);
        try
        {
            await hub.Process.WaitForLineAsync(line => line.Contains("/login#", StringComparison.Ordinal), StartLimit, cancellationToken);
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
    public int NatsServerId() => NatsServers.Below(Home) is [var only] ? only : throw new InvalidOperationException("There is not one nats-server.");

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (!Process.HasExited)
        {
            Process.Signal(Signals.Terminate);
            await Process.WaitForExitAsync(TimeSpan.FromSeconds(10));
        }

        await Process.DisposeAsync();
        if (_proxy is not null)
        {
            await _proxy.DisposeAsync();
        }

        _home.Dispose();
    }
}
