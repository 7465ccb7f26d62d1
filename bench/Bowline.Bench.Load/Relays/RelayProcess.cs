using System.Net.Sockets;
using Bowline.Bench.Load.Processes;

namespace Bowline.Bench.Load.Relays;

/// <summary>A relay in a process and a folder of its own, with an empty store.</summary>
internal sealed class RelayProcess : IAsyncDisposable
{
    private readonly TempFolder _folder;

    private RelayProcess(TempFolder folder, ChildProcess process, Uri url)
    {
        _folder = folder;
        Process = process;
        Url = url;
    }

    public ChildProcess Process { get; }

    public Uri Url { get; }

    /// <summary>Our own, from the built CLI. Its rate limits would measure themselves, so they are off.</summary>
    public static async Task<RelayProcess> StartBowlineAsync(string program, CancellationToken cancellationToken, params string[] more)
    {
        var folder = new TempFolder();
        var process = await BowlineHub.StartAsync(
            folder, program, ["relay", "--listen", "127.0.0.1:0", "--events-per-second", "0", "--requests-per-second", "0", "--connections-per-address", "100000", .. more]);
        var url = await process.LineAsync(static l => l.StartsWith("Relay at ", StringComparison.Ordinal) ? l["Relay at ".Length..l.IndexOf(',', StringComparison.Ordinal)] : null, cancellationToken);
        return new RelayProcess(folder, process, new Uri(url));
    }

    /// <summary>strfry with its own defaults, but for its address and folder.</summary>
    public static async Task<RelayProcess> StartStrfryAsync(string program, CancellationToken cancellationToken)
    {
        var folder = new TempFolder();
        var port = BowlineHub.FreePort();
        Directory.CreateDirectory(folder.File("db"));
        var config = $$"""
            db = "{{folder.File("db")}}/"
            relay {
                bind = "127.0.0.1"
                port = {{port}}
                nofiles = 0
            }
            """;
        await File.WriteAllTextAsync(folder.File("strfry.conf"), config, cancellationToken);
        var process = await ChildProcess.StartAsync(program, $"--config={folder.File("strfry.conf")}", "relay");
        var url = new Uri($"ws://127.0.0.1:{port}/");
        await AskOnceAsync(url, cancellationToken);
        return new RelayProcess(folder, process, url);
    }

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        _folder.Dispose();
    }

    // It says nothing when it is ready; and it may crash when the first questions of its life come from many connections at once.
    private static async Task AskOnceAsync(Uri url, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(10));
        while (true)
        {
            try
            {
                using var client = await RelayClient.ConnectAsync(url, limit.Token);
                await RelayTalk.SubscribeAsync(client, "[\"REQ\",\"first\",{\"kinds\":[1],\"limit\":1}]"u8, limit.Token);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(20, limit.Token);
            }
        }
    }
}
