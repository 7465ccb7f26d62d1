using Bowline.Bench.Load.Running;
using Bowline.Bench.Load.Scenarios;
using Bowline.Testing.Namespaces;

namespace Bowline.Bench.Load.Peers;

/// <summary>Messages of 64 KiB one way, until the last has arrived. CPU is per MiB.</summary>
internal sealed class PeerThroughput(PeerSide side, string name, int mebibytes, Impairment? impairment = null) : PeerPairScenario(side, name, impairment)
{
    public const string Name = "peers 64 KiB messages one way";
    public const string ImpairedName = "peers 64 KiB messages one way, 50 ms and 1 % loss";

    private const int Size = 64 * 1024;

    public override async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await base.PrepareAsync(cancellationToken);
        await RunAsync(Math.Max(1, mebibytes / 4), cancellationToken);
    }

    public override Task<Measurement> RoundAsync(CancellationToken cancellationToken)
        => CountedWork.TimeAsync(Metric.Throughput, mebibytes, Meter, () => RunAsync(mebibytes, cancellationToken));

    private async Task RunAsync(int amount, CancellationToken cancellationToken)
    {
        var count = amount * 1024 * 1024 / Size;
        await Answerer.AskAsync($"expect {count}", "expecting", cancellationToken);
        await Offerer.AskAsync($"send {count} {Size}", "sent", cancellationToken);
        await Answerer.WaitAsync("got", cancellationToken);
    }
}
