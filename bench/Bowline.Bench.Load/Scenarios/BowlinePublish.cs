using Bowline.Bench.Load.Processes;
using Bowline.Bench.Load.Running;

namespace Bowline.Bench.Load.Scenarios;

/// <summary>Publish, then wait until the server has taken everything.</summary>
internal sealed class BowlinePublish(Lab lab, int size, int count)
    : BowlineNatsScenario(Figures.Publish(size), Sides.BowlineNats, lab)
{
    private readonly byte[] _body = new byte[size];

    public override Task<Measurement> RoundAsync(CancellationToken cancellationToken)
    {
        var cpu = new CpuMeter(CpuMeter.Self(), CpuMeter.Of("helper", Server.Process));
        return CountedWork.TimeAsync(Metric.MessagesPerSecond, count, cpu, () => PublishAsync(count, cancellationToken));
    }

    protected override async Task WarmUpAsync(CancellationToken cancellationToken)
    {
        // In slices with pauses, so that the second tier of the compiler is in place before the first round.
        for (var i = 0; i < 5; i++)
        {
            await PublishAsync(count / 25, cancellationToken);
            await Task.Delay(50, cancellationToken);
        }
    }

    private async Task PublishAsync(int messages, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> body = _body;
        for (var i = 0; i < messages; i++)
        {
            await Connection.PublishAsync("bench.publish", body, cancellationToken: cancellationToken);
        }

        await Connection.PingAsync(cancellationToken);
    }
}
