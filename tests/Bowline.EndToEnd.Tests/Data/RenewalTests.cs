using Bowline.EndToEnd.Tests.Support;

namespace Bowline.EndToEnd.Tests.Data;

/// <summary>A stream that is open while the node renews its link session again and again.</summary>
public sealed class RenewalTests
{
    private const int Renewals = 3;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_stream_crosses_three_renewals_byte_for_byte_in_both_directions()
    {
        // Six seconds of life: renewed every four.
        await using var link = await LinkedNode.StartAsync(Token, proxied: false, "--session-life", "6");
        var renewed = RenewalsAsync(link);
        await using var echo = await DuplexRequest.PostAsync(new Uri(link.Hub.Url, $"t/{LinkedNode.Name}/demo/echo"), link.Hub.Token, Token);
        var writing = WriteAsync(echo, () => !renewed.IsCompleted);
        Assert.StartsWith("HTTP/1.1 200", await echo.HeadAsync(Token).WaitAsync(Limit, Token), StringComparison.Ordinal);
        var received = await ReadAsync(echo).WaitAsync(Limit, Token);
        await renewed;
        Assert.Equal(await writing, received);
        Assert.True(received > Renewals * PatternContent.Chunk, $"Only {received} bytes crossed the renewals.");
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
    private static async Task RenewalsAsync(LinkedNode link)
    {
        for (var seen = 0; seen <= Renewals; seen++)
        {
            await link.Hub.Process.WaitForLineAsync(line => line.Contains("connected its link", StringComparison.Ordinal), Limit, Token);
        }
    }
}
