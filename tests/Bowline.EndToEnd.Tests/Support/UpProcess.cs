using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Bowline.Testing.Processes;

namespace Bowline.EndToEnd.Tests.Support;

/// <summary>A real <c>bowline up</c>, started as at a prompt.</summary>
internal sealed class UpProcess : IAsyncDisposable
{
    private readonly HomeFolder _home;
    private readonly long _started = Stopwatch.GetTimestamp();

    private UpProcess(HomeFolder home, int port, int contentPort, string[] options)
    {
        _home = home;
        Http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/"), Timeout = TimeSpan.FromMinutes(1) };
        Process = BowlineProgram.StartInOwnGroup(home.Path, ["up", "--listen", $"127.0.0.1:{port}", "--content-port", contentPort.ToString(System.Globalization.CultureInfo.InvariantCulture), .. options]);
    }

    public TestProcess Process { get; }

    /// <summary>A client with the operator's token.</summary>
    public HttpClient Http { get; }

    public string Token => _home.Token;

    /// <summary>The one-time link it printed.</summary>
    public Uri LoginUrl { get; private set; } = new("about:blank");

    /// <summary>The time since it was started.</summary>
    public TimeSpan Age => Stopwatch.GetElapsedTime(_started);

    /// <summary>Starts it in a data folder of the caller's, on free ports unless told which.</summary>
    public static async Task<UpProcess> StartAsync(HomeFolder home, CancellationToken cancellationToken, (int First, int Second)? ports = null)
    {
        var (port, contentPort) = ports ?? FreePorts.Two();
        var up = new UpProcess(home, port, contentPort, []);
        try
        {
            var line = await up.Process.WaitForLineAsync(line => line.Contains("/login#", StringComparison.Ordinal), LinkedNode.Patience, cancellationToken);
            up.LoginUrl = new Uri(line.Trim());
            up.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", up.Token);
            return up;
        }
        catch
        {
            await up.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until its only node is online; returns what the hub says about it.</summary>
    public async Task<JsonNode> OnlineAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (true)
        {
            var links = JsonNode.Parse(await Http.GetStringAsync("api/links", cancellationToken))!.AsArray();
            if (links is [{ } link] && link["state"]!.GetValue<string>() == "online")
            {
                return link;
            }

            Assert.True(Age < LinkedNode.Patience, $"The node is not online: {links}\n{Process.Output}");
            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Process.DisposeAsync();
    }
}
