using System.Text.Json;

namespace Bowline.Bench.Load.Processes;

/// <summary>A plain nats-server with the limits the hub gives its own: JetStream on file, short write deadline.</summary>
internal sealed class NatsServer : IAsyncDisposable
{
    private readonly TempFolder _folder;

    private NatsServer(TempFolder folder, ChildProcess process, Uri url)
    {
        _folder = folder;
        Process = process;
        Url = url;
    }

    public ChildProcess Process { get; }

    public Uri Url { get; }

    public static async Task<NatsServer> StartAsync(CancellationToken cancellationToken)
    {
        var folder = new TempFolder();
        await File.WriteAllTextAsync(folder.File("nats.conf"), $$"""
            listen: "127.0.0.1:-1"
            ports_file_dir: "{{folder.Path}}"
            max_payload: 1MB
            max_pending: 8MB
            write_deadline: "2s"
            jetstream { store_dir: "{{folder.Path}}/js", max_mem: 64MB, max_file: 4GB }
            """, cancellationToken);
        var process = await ChildProcess.StartAsync("nats-server", "-c", folder.File("nats.conf"));
        await process.LineAsync(l => l.Contains("Server is ready", StringComparison.Ordinal) ? l : null, cancellationToken);
        return new NatsServer(folder, process, await ReadUrlAsync(folder.File($"nats-server_{process.Pid}.ports"), cancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        _folder.Dispose();
    }

    private static async Task<Uri> ReadUrlAsync(string portsFile, CancellationToken cancellationToken)
    {
        // "Ready" is logged just before the file is written.
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!File.Exists(portsFile) || new FileInfo(portsFile).Length == 0)
        {
            await poll.WaitForNextTickAsync(cancellationToken);
        }

        using var ports = JsonDocument.Parse(await File.ReadAllBytesAsync(portsFile, cancellationToken));
        return new Uri(ports.RootElement.GetProperty("nats")[0].GetString()!);
    }
}
