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

    /// <summary>Gives all that either peer says of itself to the other one, until both have told all their addresses.</summary>
    /// <param name="offerer">Who makes the offer.</param>
    /// <param name="answerer">Who answers it.</param>
    /// <param name="command">What makes the offer.</param>
    /// <param name="change">What becomes of a line of a peer's description, or of one of its candidates, on the way; null leaves it out.</param>
    public static async Task NegotiateAsync(PeerProcess offerer, PeerProcess answerer, string command = "offer", Func<PeerProcess, string, string?>? change = null)
    {
        await offerer.CommandAsync(new { @do = command });
        var offer = await offerer.WaitAsync("description");
        await answerer.CommandAsync(new { @do = "accept", type = "offer", sdp = Change(offerer, offer, change) });
        var answer = await answerer.WaitAsync("description");
        await offerer.CommandAsync(new { @do = "accept", type = "answer", sdp = Change(answerer, answer, change) });
        await Task.WhenAll(GiveCandidatesAsync(offerer, answerer, change), GiveCandidatesAsync(answerer, offerer, change));
    }

    public async ValueTask DisposeAsync()
    {
        if (!Process.HasExited)
        {
            await CommandAsync(new { @do = "close" });
        }

        await Process.DisposeAsync();
    }

    private static string Change(PeerProcess from, JsonNode description, Func<PeerProcess, string, string?>? change) =>
        string.Join("\r\n", ((string)description["sdp"]!).Split("\r\n").Select(line => change is null ? line : change(from, line)).OfType<string>());

    private static async Task GiveCandidatesAsync(PeerProcess from, PeerProcess to, Func<PeerProcess, string, string?>? change)
    {
        while (true)
        {
            var found = (await from.WaitAsync("candidate"))["candidate"]!;
            var isLast = string.IsNullOrEmpty((string?)found["candidate"]);
            if (isLast || change is null)
            {
                await to.CommandAsync(new { @do = "candidate", candidate = found });
            }
            else if (change(from, (string)found["candidate"]!) is { } changed)
            {
                found["candidate"] = changed;
                await to.CommandAsync(new { @do = "candidate", candidate = found });
            }

            if (isLast)
            {
                return;
            }
        }
    }
}
