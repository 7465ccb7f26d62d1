using System.Globalization;
using Bowline.Bench.Load.Processes;
using Bowline.Bench.Load.Running;

namespace Bowline.Bench.Load.Scenarios;

/// <summary>The C client's side of a NATS figure: one process per round, timed by itself.</summary>
internal sealed class LibnatsScenario(
    string figure, Metric rate, Lab lab, bool withResponder, Func<Uri, IReadOnlyList<string>> arguments) : IScenario
{
    private NatsServer? _server;
    private ChildProcess? _responder;

    public string Figure => figure;

    public string Side => Sides.Libnats;

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        _server = await lab.Nats.GetAsync(cancellationToken);
        _responder = withResponder ? await lab.Responder.GetAsync(cancellationToken) : null;
    }

    public async Task<Measurement> RoundAsync(CancellationToken cancellationToken)
    {
        var meter = _responder is null
            ? new CpuMeter(CpuMeter.Of("helper", _server!.Process))
            : new CpuMeter(CpuMeter.Of("server", _responder), CpuMeter.Of("helper", _server!.Process));
        var cpuAfter = meter.Start();
        var figures = await lab.Libnats.RunAsync(cancellationToken, arguments(_server.Url));
        var cpu = cpuAfter(figures.Operations);
        var readings = new List<Reading> { new(rate, figures.Operations / figures.Seconds) };
        if (figures.P50 > 0)
        {
            readings.Add(new Reading(Metric.P50, figures.P50));
            readings.Add(new Reading(Metric.P99, figures.P99));
        }

        readings.Add(new Reading(Metric.Cpu("client"), figures.CpuSeconds * 1e6 / figures.Operations));
        readings.AddRange(cpu);
        return new Measurement(readings);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public static LibnatsScenario Publish(Lab lab, int size, int count)
        => new(Figures.Publish(size), Metric.MessagesPerSecond, lab, withResponder: false,
            url => ["publish", url.ToString(), Text(size), Text(count)]);

    public static LibnatsScenario Request(Lab lab, int concurrency)
        => new(Figures.Request(concurrency), Metric.RequestsPerSecond, lab, withResponder: true,
            url => ["request", url.ToString(), Lab.ResponderSubject, Text(concurrency), lab.Options.Slice.TotalSeconds.ToString(CultureInfo.InvariantCulture)]);

    public static LibnatsScenario JetStream(Lab lab, int size, int count, int window)
        => new(Figures.JetStream(window), Metric.MessagesPerSecond, lab, withResponder: false,
            url => ["jetstream", url.ToString(), Text(size), Text(count), Text(window)]);

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
