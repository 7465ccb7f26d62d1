using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;

namespace Bowline.Bench.Load.Processes;

/// <summary>The product itself: a real <c>bowline hub</c> in a folder of its own.</summary>
internal sealed class BowlineHub : IAsyncDisposable
{
    private readonly TempFolder _home;
    private readonly string _program;

    private BowlineHub(TempFolder home, string program, ChildProcess process, Uri url)
    {
        _home = home;
        _program = program;
        Process = process;
        Url = url;
    }

    public ChildProcess Process { get; }

    public Uri Url { get; }

    public static async Task<BowlineHub> StartAsync(string program, CancellationToken cancellationToken)
    {
        var home = new TempFolder();
        var url = new Uri($"http://127.0.0.1:{FreePort()}");
        var process = await StartAsync(home, program, "hub", "--listen", url.Authority, "--content-port", $"{FreePort()}");
        await process.LineAsync(l => l.Contains("/login#", StringComparison.Ordinal) ? l : null, cancellationToken);
        return new BowlineHub(home, program, process, url);
    }

    /// <summary>A <c>bowline</c> command whose data lies in the folder.</summary>
    public static Task<ChildProcess> StartAsync(TempFolder home, string program, params string[] arguments)
        => File.Exists(program)
            ? ChildProcess.StartAsync("env", [$"BOWLINE_HOME={home.Path}", program, .. arguments])
            : throw new FileNotFoundException("build src/Bowline.Cli first, as eng/bench.sh does", program);

    /// <summary>Joins a node of that folder with a fresh code.</summary>
    public async Task JoinAsync(TempFolder node, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = Url };
        var token = await File.ReadAllTextAsync(_home.File("hub/cli.token"), cancellationToken);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.Trim());
        using var response = await http.PostAsync("api/invites", content: null, cancellationToken);
        using var invite = JsonDocument.Parse(await response.EnsureSuccessStatusCode().Content.ReadAsStreamAsync(cancellationToken));
        await File.WriteAllTextAsync(node.File("code"), invite.RootElement.GetProperty("code").GetString(), cancellationToken);
        await using var join = await StartAsync(node, _program, "node", "join", Url.ToString(), "--name", "bench", "--code-file", node.File("code"));
        await join.ExitAsync(cancellationToken);
    }

    public static string FreePort()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port.ToString(CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        _home.Dispose();
    }
}
