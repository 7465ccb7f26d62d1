using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bowline.Testing.Processes;

namespace Bowline.WebRtc.Tests.Interop;

/// <summary>A peer in a process of its own, ours or a foreign one, that speaks the protocol of README.md. Each event is taken once.</summary>
internal sealed class PeerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly List<JsonNode> _left = [];

    private PeerProcess(TestProcess process) => Process = process;

    public TestProcess Process { get; }

    /// <summary>What it has told of its addresses so far, as it came.</summary>
    public List<string> Told { get; } = [];

    public static string Folder { get; } = typeof(PeerProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static data => data.Key == "InteropFolder").Value!;

    /// <summary>Starts "ours", "ndc" or "werift".</summary>
    public static async Task<PeerProcess> StartAsync(string kind, object? options = null, string[]? prefix = null)
    {
        var json = JsonSerializer.Serialize(options ?? new { loopback = true, echo = true });
        string[] command = kind == "ours" ? [Environment.ProcessPath!, "--peer", json] : ["node", Path.Combine(Folder, $"{kind}.mjs"), json];
        command = [.. prefix ?? [], .. command];
        var peer = new PeerProcess(TestProcess.Start(command[0], command[1..]));
        await peer.WaitAsync(static e => (string?)e["on"] == "ready");
        return peer;
    }

    public Task CommandAsync(object command) => Process.WriteLineAsync(JsonSerializer.Serialize(command));

    public Task<JsonNode> WaitAsync(string on, string? label = null) =>
        WaitAsync(e => (string?)e["on"] == on && (label is null || (string?)e["label"] == label));

    public async Task<JsonNode> WaitAsync(Func<JsonNode, bool> match, TimeSpan? limit = null)
    {
        if (_left.Find(e => match(e)) is { } before)
        {
            _left.Remove(before);
            return before;
        }

        JsonNode? found = null;
        await Process.WaitForLineAsync(
            line =>
            {
                if (!line.StartsWith('{'))
                {
                    return false;
                }

                var e = JsonNode.Parse(line)!;
                if ((string?)e["on"] is "description" or "candidate")
                {
                    Told.Add(line);
                }

                if (match(e))
                {
                    found = e;
                    return true;
                }

                _left.Add(e);
                return false;
            },
            limit ?? Limit);
        return found!;
    }

    /// <summary>Gives everything this peer finds to another one, until either ends; waits for the channel to open on both sides.</summary>
    public static async Task NegotiateAsync(PeerProcess offerer, PeerProcess answerer, string command = "offer")
    {
        await offerer.CommandAsync(new { @do = command });
        var offer = await offerer.WaitAsync("description");
        await answerer.CommandAsync(new { @do = "accept", type = "offer", sdp = (string)offer["sdp"]! });
        var answer = await answerer.WaitAsync("description");
        await offerer.CommandAsync(new { @do = "accept", type = "answer", sdp = (string)answer["sdp"]! });
        await Task.WhenAll(GiveCandidatesAsync(offerer, answerer), GiveCandidatesAsync(answerer, offerer));
    }

    public async ValueTask DisposeAsync()
    {
        if (!Process.HasExited)
        {
            await CommandAsync(new { @do = "close" });
        }

        await Process.DisposeAsync();
    }

    private static async Task GiveCandidatesAsync(PeerProcess from, PeerProcess to)
    {
        while (true)
        {
            var found = await from.WaitAsync("candidate");
            await to.CommandAsync(new { @do = "candidate", candidate = found["candidate"] });
            if (string.IsNullOrEmpty((string?)found["candidate"]!["candidate"]))
            {
                return;
            }
        }
    }
}
