using Bowline.Bench.Load.Processes;
using Bowline.Bench.Load.Running;
using Bowline.Nats.JetStream;

namespace Bowline.Bench.Load.Scenarios;

/// <summary>Publishing into a stream on file with a window of unconfirmed messages; a fresh stream each round, as the peer does it.</summary>
internal sealed class BowlineJetStream(Lab lab, int size, int count, int window)
    : BowlineNatsScenario(Figures.JetStream(window), Sides.BowlineNats, lab)
{
    private const string Stream = "BENCH_BOWLINE";
    private const string Subject = "bench.js.bowline";

    private readonly byte[] _body = new byte[size];

    public override async Task<Measurement> RoundAsync(CancellationToken cancellationToken)
    {
        var js = new NatsJSContext(Connection);
        await js.CreateStreamAsync(
            new StreamConfig
            {
                Name = Stream,
                Subjects = [Subject],
                Storage = StreamConfigStorage.File,
                MaxAge = TimeSpan.FromMinutes(30),
                DuplicateWindow = TimeSpan.FromMinutes(2),
            },
            cancellationToken);
        try
        {
            await using var publisher = await js.CreatePublisherAsync(new NatsJSPublisherOpts { Window = window }, cancellationToken);
            await PublishAsync(publisher, 500, cancellationToken);
            var cpu = new CpuMeter(CpuMeter.Self(), CpuMeter.Of("helper", Server.Process));
            return await CountedWork.TimeAsync(Metric.MessagesPerSecond, count, cpu, () => PublishAsync(publisher, count, cancellationToken));
        }
        finally
        {
            await js.DeleteStreamAsync(Stream, cancellationToken);
        }
    }

    protected override async Task WarmUpAsync(CancellationToken cancellationToken) => await RoundAsync(cancellationToken);

    private async Task PublishAsync(NatsJSPublisher publisher, int messages, CancellationToken cancellationToken)
    {
        for (var i = 0; i < messages; i++)
        {
            await publisher.PublishAsync(Subject, _body, cancellationToken: cancellationToken);
        }

        await publisher.FlushAsync(cancellationToken);
    }
}
