using Bowline.Bench.Load.Processes;
using Bowline.Bench.Load.Scenarios;

namespace Bowline.Bench.Load.Peers;

/// <summary>An implementation of data channels that is compared, as a process that speaks what <see cref="PeerServe"/> does.</summary>
internal sealed record PeerSide(string Name, Func<string, string[]> Command)
{
    /// <summary>Where eng/setup.sh installs node-datachannel.</summary>
    private const string NodeFolder = "tests/Bowline.WebRtc.Tests/Interop";

    public static IReadOnlyList<PeerSide> All { get; } =
    [
        new(Sides.WebRtc, static address => [Environment.ProcessPath!, "serve-peer", address]),
        new(Sides.NodeDataChannel, static address => ["node", "bench/peers/ndc_peer.mjs", Path.GetFullPath(NodeFolder), address]),
    ];

    /// <summary>Starts one end.</summary>
    /// <param name="address">The address it uses, or any.</param>
    /// <param name="prefix">What the command begins with: where it runs.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<PeerEnd> StartAsync(string address, IEnumerable<string> prefix, CancellationToken cancellationToken)
    {
        string[] command = [.. prefix, .. Command(address)];
        var end = new PeerEnd(await ChildProcess.StartAsync(command[0], command[1..]));
        await end.WaitAsync("ready", cancellationToken);
        return end;
    }
}
