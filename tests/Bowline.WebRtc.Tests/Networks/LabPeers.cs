using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Bowline.Testing.Namespaces;
using Bowline.WebRtc.Tests.Interop;

namespace Bowline.WebRtc.Tests.Networks;

/// <summary>Two processes of ours on two machines of the lab, with a channel "lab" between them whose messages Bob echoes.</summary>
internal sealed class LabPeers : IAsyncDisposable
{
    private LabPeers(PeerProcess alice, PeerProcess bob) => (Alice, Bob) = (alice, bob);

    public PeerProcess Alice { get; }

    public PeerProcess Bob { get; }

    public static async Task<LabPeers> ConnectAsync(NetworkNamespace alice, NetworkNamespace bob, object[]? iceServers = null, bool isRelayOnly = false, Dictionary<string, string>? names = null)
    {
        var options = new { iceServers = iceServers ?? [], relayOnly = isRelayOnly, names };
        var peers = new LabPeers(
            await PeerProcess.StartAsync("ours", options, alice.Prefix),
            await PeerProcess.StartAsync("ours", new { options.iceServers, options.relayOnly, names, echo = true }, bob.Prefix));
        await peers.Alice.CommandAsync(new { @do = "channel", label = "lab" });
        await PeerProcess.NegotiateAsync(peers.Alice, peers.Bob);
        await peers.Alice.WaitAsync("open", "lab");
        return peers;
    }

    /// <summary>Sends a message of each kind and size, one after the other, and checks what comes back.</summary>
    public async Task EchoAsync(params int[] sizes)
    {
        foreach (var (size, kind) in sizes.SelectMany(static size => ((int, string)[])[(size, "text"), (size, "binary")]))
        {
            await Alice.CommandAsync(new { @do = "sendPattern", label = "lab", size, kind, seed = size + 1 });
            var answer = await Alice.WaitAsync("message", "lab");
            Assert.Equal(kind, (string)answer["kind"]!);
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(PeerProgram.Pattern(size, size + 1))), (string)answer["sha256"]!);
        }
    }

    /// <summary>The pair by which the datagrams of a side go.</summary>
    public static Task<JsonNode> PairAsync(PeerProcess peer) => peer.WaitAsync(static e => (string?)e["on"] == "state" && e["localKind"] is not null && (string?)e["ice"] == "Connected");

    /// <summary>How long a restart of ICE takes from its beginning to the echo of a message that was sent before it.</summary>
    public static async Task<TimeSpan> RestartAsync(PeerProcess by, PeerProcess other, PeerProcess alice)
    {
        var clock = Stopwatch.StartNew();
        await PeerProcess.NegotiateAsync(by, other, "restart");
        await alice.WaitAsync("message", "lab");
        return clock.Elapsed;
    }

    public async ValueTask DisposeAsync()
    {
        await Alice.DisposeAsync();
        await Bob.DisposeAsync();
    }
}
