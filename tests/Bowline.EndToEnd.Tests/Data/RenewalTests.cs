using Bowline.EndToEnd.Tests.Support;
using Bowline.Testing.Processes;

namespace Bowline.EndToEnd.Tests.Data;

/// <summary>A stream that is open while the node renews its link session again and again.</summary>
public sealed class RenewalTests
{
    private const int Hogs = 4;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ProbePace = TimeSpan.FromMilliseconds(50);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public Task A_stream_crosses_three_renewals_byte_for_byte_in_both_directions() => CrossAsync(3);

    /// <summary>Explicit, because it takes the machine for two minutes: run it with <c>-explicit only</c> after a change to moves or pings.</summary>
    [Fact(Explicit = true)]
    public async Task A_stream_crosses_thirty_renewals_on_a_machine_that_is_overloaded()
    {
        var hogs = Enumerable.Range(0, Hogs).Select(static _ => TestProcess.Start("/bin/sh", ["-c", "while :; do :; done"])).ToList();
        try
        {
            await CrossAsync(30);
        }
        finally
        {
            foreach (var hog in hogs)
            {
                await hog.DisposeAsync();
            }
        }
    }

    private static async Task CrossAsync(int renewals)
    {
        // Six seconds of life: renewed every four.
        await using var link = await LinkedNode.StartAsync(Token, proxied: false, "--session-life", "6");
        var renewed = RenewalsAsync(link, renewals);
        var others = GetAsync(link, () => !renewed.IsCompleted);
        await using var echo = await DuplexRequest.PostAsync(new Uri(link.Hub.Url, $"t/{LinkedNode.Name}/demo/echo"), link.Hub.Token, Token);
        var writing = WriteAsync(echo, () => !renewed.IsCompleted);
        Assert.StartsWith("HTTP/1.1 200", await echo.HeadAsync(Token).WaitAsync(Limit, Token), StringComparison.Ordinal);
        var received = await ReadAsync(echo).WaitAsync(Limit * renewals, Token);
        await renewed;
        await others;
        Assert.Equal(await writing, received);
        Assert.True(received > renewals * PatternContent.Chunk, $"Only {received} bytes crossed the renewals.");
    }

    /// <summary>Small exchanges beside the stream: by their answers the hub hears of a new connection before the stream has moved.</summary>
    private static async Task GetAsync(LinkedNode link, Func<bool> more)
    {
        using var timer = new PeriodicTimer(ProbePace);
        while (more() && await timer.WaitForNextTickAsync(Token))
        {
            using var response = await link.Http.GetAsync($"t/{LinkedNode.Name}/demo/api/hello", Token);
        }
    }

    private static async Task<long> WriteAsync(DuplexRequest echo, Func<bool> more)
    {
        using var timer = new PeriodicTimer(Pace);
        var chunk = new byte[PatternContent.Chunk];
        var written = 0L;
        while (more() && await timer.WaitForNextTickAsync(Token))
        {
            Pattern.Fill(chunk, written);
            await echo.WriteAsync(chunk);
            written += chunk.Length;
        }

        await echo.EndAsync();
        return written;
    }

    private static async Task<long> ReadAsync(DuplexRequest echo)
    {
        var buffer = new byte[PatternContent.Chunk];
        var received = 0L;
        int read;
        while ((read = await echo.ReadAsync(buffer, Token)) > 0)
        {
            Assert.True(Pattern.Matches(buffer.AsSpan(0, read), received), $"Wrong bytes at {received}.");
            received += read;
        }

        return received;
    }

    /// <summary>The hub logs each connection of the node: the first, then one per renewal.</summary>
    private static async Task RenewalsAsync(LinkedNode link, int renewals)
    {
        for (var seen = 0; seen <= renewals; seen++)
        {
            await link.Hub.Process.WaitForLineAsync(line => line.Contains("connected its link", StringComparison.Ordinal), Limit, Token);
        }
    }
}
