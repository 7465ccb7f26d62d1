using Bowline.Bench.Load.Processes;
using Bowline.Bench.Load.Running;
using Bowline.Testing.Namespaces;

namespace Bowline.Bench.Load.Peers;

/// <summary>Two processes of one implementation with a channel between them, over loopback or a bad link.</summary>
internal abstract class PeerPairScenario(PeerSide side, string figure, Impairment? impairment = null) : IScenario
{
    private NetworkLab? _lab;
    private PeerEnd? _offerer;
    private PeerEnd? _answerer;

    public string Figure => figure;

    public string Side => side.Name;

    protected PeerEnd Offerer => _offerer!;

    protected PeerEnd Answerer => _answerer!;

    protected CpuMeter Meter => new(CpuMeter.Of("sender", Offerer.Process), CpuMeter.Of("receiver", Answerer.Process));

    public virtual async Task PrepareAsync(CancellationToken cancellationToken)
    {
        if (impairment is null)
        {
            _offerer = await side.StartAsync("127.0.0.1", [], cancellationToken);
            _answerer = await side.StartAsync("127.0.0.1", [], cancellationToken);
        }
        else
        {
            _lab = await NetworkLab.StartAsync();
            var (one, other) = (await _lab.AddAsync(), await _lab.AddAsync());
            await _lab.ImpairAsync(one, ["10.1.0.1/24"], other, ["10.1.0.2/24"], impairment, Environment.ProcessPath!);
            _offerer = await side.StartAsync("any", one.Prefix, cancellationToken);
            _answerer = await side.StartAsync("any", other.Prefix, cancellationToken);
        }

        await PeerEnd.ConnectAsync(Offerer, Answerer, cancellationToken);
    }

    public abstract Task<Measurement> RoundAsync(CancellationToken cancellationToken);

    public async ValueTask DisposeAsync()
    {
        foreach (var owned in (IAsyncDisposable?[])[_offerer, _answerer, _lab])
        {
            if (owned is not null)
            {
                await owned.DisposeAsync();
            }
        }
    }
}
