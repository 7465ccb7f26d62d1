using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Bowline.EndToEnd.Tests.Support;
using Bowline.Testing.Processes;

namespace Bowline.EndToEnd.Tests.Data;

/// <summary>Requests to a node that is not there: said at once, in words.</summary>
public sealed class AbsentNodeTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_stopped_node_is_a_502_within_one_round_trip()
    {
        await using var link = await LinkedNode.StartAsync(Token);
        link.Node.Process.Signal(Signals.Terminate);
        await link.Node.Process.WaitForExitAsync(LinkedNode.Patience, Token);
        var (status, type, time) = await AskAsync(link);
        Assert.Equal((HttpStatusCode.BadGateway, "urn:bowline:tunnel:offline"), (status, type));

        // One round trip on loopback takes a few milliseconds; any wait of ours would be a second.
        Assert.True(time < TimeSpan.FromMilliseconds(500), $"It took {time.TotalMilliseconds:0} ms.");
    }

    [Fact]
    public async Task A_frozen_node_is_a_504_within_the_accept_timeout_before_presence_knows()
    {
        await using var link = await LinkedNode.StartAsync(Token);
        await link.Watch.DisposeAsync(); // Unwatched, it is probed every ten seconds only.
        link.Node.Freeze();
        var (status, type, time) = await AskAsync(link);
        Assert.Equal((HttpStatusCode.GatewayTimeout, "urn:bowline:tunnel:accept_timeout"), (status, type));

        // The accept timeout is 1 s; twice that, because a test machine may be busy.
        Assert.InRange(time, TimeSpan.FromMilliseconds(900), TimeSpan.FromSeconds(2));
        link.Node.Thaw();
        await link.ServesAsync(LinkedNode.Patience, Token);
    }

    private static async Task<(HttpStatusCode Status, string? Type, TimeSpan Time)> AskAsync(LinkedNode link)
    {
        var start = Stopwatch.GetTimestamp();
        using var response = await link.Http.GetAsync($"t/{LinkedNode.Name}/demo/api/hello", Token);
        var problem = await response.Content.ReadFromJsonAsync<JsonNode>(Token);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        return (response.StatusCode, problem?["type"]?.GetValue<string>(), Stopwatch.GetElapsedTime(start));
    }
}
