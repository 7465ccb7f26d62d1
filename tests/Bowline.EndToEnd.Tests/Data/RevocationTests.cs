using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using Bowline.EndToEnd.Tests.Support;

namespace Bowline.EndToEnd.Tests.Data;

/// <summary>A device whose access is taken away.</summary>
public sealed class RevocationTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_revoked_node_is_cut_within_a_second_and_does_not_come_back()
    {
        await using var link = await LinkedNode.StartAsync(Token);
        var start = Stopwatch.GetTimestamp();
        using (var revoked = await link.Http.DeleteAsync($"api/links/{LinkedNode.Name}", Token))
        {
            Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
        }

        await link.Hub.Process.WaitForLineAsync(line => line.Contains("closed (bridge", StringComparison.Ordinal) && line.EndsWith("Revoked", StringComparison.Ordinal), LinkedNode.Patience, Token);
        var cut = Stopwatch.GetElapsedTime(start);

        // The promise is 1 s; twice that, because a test machine may be busy.
        Assert.True(cut < TimeSpan.FromSeconds(2), $"The connection was cut after {cut.TotalMilliseconds:0} ms.");
        using (var gone = await link.Http.GetAsync($"t/{LinkedNode.Name}/demo/api/hello", Token))
        {
            Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        }

        await link.Node.Process.WaitForLineAsync(line => line.Contains("Link is Revoked", StringComparison.Ordinal), LinkedNode.Patience, Token);
        await StaysRevokedAsync(link);
    }

    /// <summary>That it does not ask again by itself for ten minutes is the link machine's own test; here it is made to ask.</summary>
    private static async Task StaysRevokedAsync(LinkedNode link)
    {
        var status = await BowlineProgram.RunAsync(link.Node.Home, null, "status", "--json");
        Assert.Equal("revoked", JsonNode.Parse(status.Data)?["node"]?["link"]?["state"]?.GetValue<string>());
        Assert.Equal(1, status.ExitCode);
        await link.Node.RunAsync();
        await link.Node.Process.WaitForLineAsync(line => line.Contains("Link is Revoked", StringComparison.Ordinal), LinkedNode.Patience, Token);
        Assert.DoesNotContain("Link is Online", link.Node.Process.Output, StringComparison.Ordinal);
    }
}
