using System.Diagnostics;
using System.Globalization;
using Bowline.Nostr;
using static Bowline.Relay.Tests.Store.TestEvents;

namespace Bowline.Relay.Tests.Store;

/// <summary>
/// A store's own share of the relay's figures, without sockets and signatures: <c>--store-load sqlite|postgres ADDRESS [events] [plain]</c>. A tenth
/// are profiles of different authors, the rest notes of 300 characters with three tags; 16 senders with 100 outstanding each. Plain notes have no tags and 16 authors.
/// </summary>
internal static class StoreLoad
{
    private const int Senders = 16;
    private const int Outstanding = 100;
    private const int Queries = 20_000;

    private static bool _plain;

    public static async Task<int> RunAsync(string[] args)
    {
        _plain = args.Contains("plain");
        var count = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 100_000;
        await using var store = await StoreAddress.OpenAsync(args[0], args[1]);
        var all = Enumerable.Range(0, count).Select(Event).Select(e => (Event: e, Json: Json(e))).ToArray();
        GC.Collect();
        var process = Process.GetCurrentProcess();
        var cpu = process.TotalProcessorTime;
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, Senders * Outstanding).Select(lane => Task.Run(async () =>
        {
            for (var i = lane; i < all.Length; i += Senders * Outstanding)
            {
                _ = await store.AddAsync(all[i].Event, all[i].Json, CancellationToken.None);
            }
        })));
        process.Refresh();
        Report("add", count, clock.Elapsed, process.TotalProcessorTime - cpu, null);
        var times = new double[Queries];
        for (var warm = 0; warm < 2; warm++)
        {
            process.Refresh();
            cpu = process.TotalProcessorTime;
            clock.Restart();
            for (var i = 0; i < Queries; i++)
            {
                var started = Stopwatch.GetTimestamp();
                var filter = new NostrFilter { Authors = [Author(i * 7 % (count / 10))], Kinds = [0], Limit = 1 };
                await foreach (var _ in store.QueryAsync([filter], Audience.Anonymous, CancellationToken.None))
                {
                }

                times[i] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            }
        }

        process.Refresh();
        Report("profile", Queries, clock.Elapsed, process.TotalProcessorTime - cpu, times);
        return 0;
    }

    private static void Report(string what, int count, TimeSpan wall, TimeSpan cpu, double[]? times)
    {
        var line = string.Create(CultureInfo.InvariantCulture, $"{what}: {count / wall.TotalSeconds:f0}/s, {cpu.TotalMicroseconds / count:f1} us CPU each");
        if (times is not null)
        {
            Array.Sort(times);
            line += string.Create(CultureInfo.InvariantCulture, $", p50 {times[times.Length / 2]:f3} ms, p99 {times[times.Length * 99 / 100]:f3} ms, max {times[^1]:f2} ms");
        }

        Console.WriteLine(line);
    }

    private static NostrEvent Event(int i)
    {
        var random = new Random(i);
        if (i % 10 == 0)
        {
            return Make(i / 10, 0, 1_700_000_000 + (i / 50), $$"""{"name":"user {{i}}","about":"{{Text(random, 100)}}"}""");
        }

        if (_plain)
        {
            return Make(random.Next(16), 1, 1_700_000_000 + (i / 50), Text(random, 300));
        }

        return Make(random.Next(10_000), 1, 1_700_000_000 + (i / 50), Text(random, 300), null,
            ["e", Id(random.Next(50_000)).ToString(), ""], ["p", Author(random.Next(10_000)).ToString()], ["t", $"topic{random.Next(500)}"]);
    }

    private static string Text(Random random, int length)
    {
        var text = new char[length];
        for (var i = 0; i < length; i++)
        {
            text[i] = random.Next(6) == 0 ? ' ' : (char)('a' + random.Next(26));
        }

        return new(text);
    }
}
