using System.Text.Json.Nodes;
using Bowline.Testing.Processes;

namespace Bowline.Relay.Tests.Interop;

/// <summary>npm's nostr-tools, in node, as an app uses it.</summary>
public sealed class NostrToolsTests
{
    private const string ForeignOrigin = "https://elsewhere.example";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_pool_publishes_subscribes_queries_and_counts()
    {
        await using var relay = await BowlineProcess.RelayAsync();
        AssertServed(await UseAsync(relay.Relay));
    }

    [Fact]
    public async Task A_pool_authenticates_where_the_relay_wants_it_and_is_refused_without()
    {
        await using var relay = await BowlineProcess.RelayAsync("--auth");
        var seen = await UseAsync(relay.Relay, "auth");
        Assert.StartsWith("auth-required: ", seen["publishRefused"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.StartsWith("auth-required: ", seen["readRefused"]!.GetValue<string>(), StringComparison.Ordinal);
        AssertServed(seen);
    }

    [Fact]
    public async Task The_relay_of_a_hub_serves_pages_of_other_origins()
    {
        await using var hub = await BowlineProcess.HubAsync();
        AssertServed(await UseAsync(hub.Relay));
    }

    private static async Task<JsonNode> UseAsync(Uri relay, params string[] options)
    {
        await using var node = TestProcess.Start("node", [InteropFolder.File("pool.mjs"), relay.ToString(), ForeignOrigin, .. options]);
        var seen = JsonNode.Parse(await node.WaitForLineAsync(static line => line.StartsWith('{'), Patience))!;
        Assert.Equal(0, await node.WaitForExitAsync(Patience));
        return seen;
    }

    private static void AssertServed(JsonNode seen)
    {
        Assert.Equal("", seen["firstReason"]!.GetValue<string>());
        Assert.Equal("", seen["secondReason"]!.GetValue<string>());
        Assert.True(seen["stored"]!.GetValue<bool>(), "the stored event came before EOSE, once");
        Assert.True(seen["live"]!.GetValue<bool>(), "the next one came live");
        Assert.Equal("duplicate: already have this event", seen["again"]!.GetValue<string>());
        Assert.True(seen["queried"]!.GetValue<bool>(), "a query finds both");
        Assert.Equal("first", seen["got"]!.GetValue<string>());
        Assert.Equal(2, seen["counted"]!.GetValue<int>());
    }
}
