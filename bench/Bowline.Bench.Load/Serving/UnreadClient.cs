using System.Globalization;
using Bowline.Bench.Load.Processes;
using Bowline.Bench.Load.Scenarios;

namespace Bowline.Bench.Load.Serving;

/// <summary>
/// <c>unread URL NATS|- SERVER-PID HELPER-PID...</c>: takes the head of a 256 MiB response, reads no further, and says what each side holds
/// of it a second later. In a process of its own, with servers of its own, because arrays pooled by earlier work would hide it.
/// </summary>
internal static class UnreadClient
{
    private const string Prefix = "held ";
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(1);

    public static async Task<int> RunAsync(string url, string nats, params IReadOnlyList<string> pids)
    {
        var ids = pids.Select(p => int.Parse(p, CultureInfo.InvariantCulture)).ToArray();
        await using var link = nats == "-"
            ? new HttpLink(HttpLink.Sockets(), new Uri(url))
            : await TunnelSide.LinkAsync(new Uri(nats), new Uri(url), CancellationToken.None);
        for (var i = 0; i < 300; i++)
        {
            await link.SmallAsync(CancellationToken.None);
        }

        var before = await TakeAsync(link, ids);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(link.Url, "/big"));
        using var response = await link.Client.SendAsync(request, CancellationToken.None);
        await using var body = await response.EnsureSuccessStatusCode().Content.ReadAsStreamAsync();
        await body.ReadExactlyAsync(new byte[1]);
        await Task.Delay(Settle);
        var after = await TakeAsync(link, ids);
        await Console.Out.WriteLineAsync(Prefix + string.Join(' ', after.Zip(before, (a, b) => a - b)));
        return 0;
    }

    public static long[]? Parse(string line)
        => line.StartsWith(Prefix, StringComparison.Ordinal)
            ? [.. line[Prefix.Length..].Split(' ').Select(n => long.Parse(n, CultureInfo.InvariantCulture))]
            : null;

    private static async Task<long[]> TakeAsync(HttpLink link, int[] pids)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(link.Url, "/memory"));
        using var response = await link.Client.SendAsync(request, CancellationToken.None);
        var serverHeap = long.Parse(await response.Content.ReadAsStringAsync(), CultureInfo.InvariantCulture);
        var clientHeap = TargetApp.LiveHeap();
        return [clientHeap, serverHeap, Environment.WorkingSet, ProcFile.RssOfTree(pids[0]), pids.Skip(1).Sum(ProcFile.RssOfTree)];
    }
}
