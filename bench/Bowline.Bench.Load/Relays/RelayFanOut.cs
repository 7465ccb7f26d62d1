using System.Diagnostics;
using Bowline.Bench.Load.Running;

namespace Bowline.Bench.Load.Relays;

/// <summary>Ephemeral events, 17 a second, to many subscribers: from the send to each of them, and to the last of them.</summary>
internal sealed class RelayFanOut(RelaySide side, BenchOptions options, int subscribers) : IScenario
{
    private const int EventCount = 100;
    private const string Room = "bench";
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1) / 17;

    private RelayProcess? _relay;
    private RelayClient[] _subscribers = [];
    private RelayClient? _publisher;

    public string Figure => Name(subscribers);

    public string Side => side.Name;

    public static string Name(int subscribers) => $"relay fan-out to {subscribers}";

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        _relay = await side.StartAsync(cancellationToken);
        _subscribers = await RelayTalk.ConnectAsync(_relay.Url, subscribers, cancellationToken, 8 * 1024);
        foreach (var subscriber in _subscribers)
        {
            await RelayTalk.SubscribeAsync(subscriber, "[\"REQ\",\"live\",{\"kinds\":[20001],\"#x\":[\"bench\"]}]"u8, cancellationToken);
        }

        _publisher = await RelayClient.ConnectAsync(_relay.Url, cancellationToken);
        for (var i = 0; i < 3; i++)
        {
            await RunAsync(50, TimeSpan.FromMilliseconds(5), cancellationToken);
        }
    }

    public async Task<Measurement> RoundAsync(CancellationToken cancellationToken)
    {
        var cpu = RelaySide.Meter(_relay!).Start();
        var count = options.Scaled(EventCount);
        var micros = await RunAsync(count, Pace, cancellationToken);
        var readings = cpu(count * subscribers);
        var all = micros.SelectMany(static m => m).Order().ToArray();
        var last = Enumerable.Range(0, count).Select(i => micros.Max(m => m[i]));
        return new Measurement([
            new Reading(RelayMetrics.Last, Statistics.Median(last)),
            new Reading(Metric.P50, Statistics.Percentile(all, 0.50)),
            new Reading(Metric.P99, Statistics.Percentile(all, 0.99)),
            .. readings,
        ]);
    }

    public async ValueTask DisposeAsync()
    {
        RelayTalk.Dispose(_subscribers);
        _publisher?.Dispose();
        if (_relay is not null)
        {
            await _relay.DisposeAsync();
        }
    }

    /// <summary>For each subscriber the time of each event, in microseconds.</summary>
    private async Task<double[][]> RunAsync(int count, TimeSpan pace, CancellationToken cancellationToken)
    {
        var events = SignedEvents.Ephemeral(count, Room);
        var sent = new long[count];
        var readers = _subscribers.Select(s => Task.Run(() => ReadAsync(s, sent, cancellationToken), cancellationToken)).ToArray();
        using var timer = new PeriodicTimer(pace);
        for (var i = 0; i < count && await timer.WaitForNextTickAsync(cancellationToken); i++)
        {
            Volatile.Write(ref sent[i], Stopwatch.GetTimestamp());
            await RelayTalk.PublishAsync(_publisher!, events.AsMemory(i, 1), 1, cancellationToken);
        }

        return await Task.WhenAll(readers);
    }

    private static async Task<double[]> ReadAsync(RelayClient client, long[] sent, CancellationToken cancellationToken)
    {
        var micros = new double[sent.Length];
        for (var i = 0; i < sent.Length; i++)
        {
            var message = await client.NextAsync(cancellationToken);
            var now = Stopwatch.GetTimestamp();
            var number = SignedEvents.NumberOf(message.Span);
            micros[number] = (now - Volatile.Read(ref sent[number])) * 1e6 / Stopwatch.Frequency;
        }

        return micros;
    }
}
