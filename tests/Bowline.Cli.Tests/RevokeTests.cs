using System.Text.Json.Nodes;
using Bowline.Cli.Tests.Support;
using Bowline.Testing.Processes;

namespace Bowline.Cli.Tests;

/// <summary>Taking a node's access away, and telling one to stop, with the token of the hub's machine.</summary>
public sealed class RevokeTests(UpProcess up) : IClassFixture<UpProcess>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_revoked_node_is_gone_and_the_answer_says_that_it_is_at_once()
    {
        using var other = new CliHome();
        var name = await up.JoinAsync(other);
        var run = await up.RunAsync("hub", "revoke", name, "--json");
        Assert.True(run.ExitCode == 0, run.Error);
        var said = JsonNode.Parse(run.Out)!;
        Assert.Equal(name, said["node"]!.GetValue<string>());
        Assert.Equal(0, said["effectiveWithinSeconds"]!.GetValue<int>());
        Assert.Equal("effective at once", said["message"]!.GetValue<string>());
        Assert.Contains($"'{name}' is revoked, effective at once.", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(name, (await up.RunAsync("links")).Out, StringComparison.Ordinal);
        (await up.RunAsync("hub", "revoke", name)).AssertFailed(1, "Its nodes are", "bowline links");
    }

    [Fact]
    public async Task A_node_that_is_told_to_stop_stops_and_keeps_its_access()
    {
        using var other = new CliHome();
        var name = await up.JoinAsync(other);
        await using var node = TestProcess.Start(CliRun.Executable, ["node", "run"], new Dictionary<string, string?>(StringComparer.Ordinal) { ["BOWLINE_HOME"] = other.Path, ["BOWLINE_HUB"] = null });
        await node.WaitForLineAsync(line => line.Contains("Link is Online", StringComparison.Ordinal), Limit, Token);
        var run = await up.RunAsync("hub", "disconnect", name, "--json");
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal(name, JsonNode.Parse(run.Out)!["node"]!.GetValue<string>());
        Assert.Contains("bowline node run", run.Error, StringComparison.Ordinal);
        Assert.Equal(0, await node.WaitForExitAsync(Limit, Token));
        Assert.Contains(name, (await up.RunAsync("links")).Out, StringComparison.Ordinal);
        (await up.RunAsync("hub", "disconnect", name)).AssertFailed(3, "not connected", "bowline links");
    }

    [Fact]
    public async Task Where_nodes_use_nats_directly_everybody_is_told_when_a_revocation_is_effective()
    {
        await using var hub = await DirectHub.StartAsync(Token);
        Assert.Contains("effective within 15 minutes", hub.Notice, StringComparison.Ordinal);
        Assert.Contains("--nats-system-creds", hub.Notice, StringComparison.Ordinal);
        var doctor = JsonNode.Parse((await hub.RunAsync("doctor", "--json")).Out)!.AsArray();
        var finding = Assert.Single(doctor, found => found!["check"]!.GetValue<string>() == "hub health")!;
        Assert.Equal("Warning", finding["state"]!.GetValue<string>());
        Assert.Contains("effective within 15 minutes", finding["text"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains("--nats-system-creds", finding["next"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Matches(@"note +hub: .*effective within 15 minutes", (await hub.RunAsync("status")).Out);

        await hub.JoinAsync("desk");
        var run = await hub.RunAsync("hub", "revoke", "desk", "--json");
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal(900, JsonNode.Parse(run.Out)!["effectiveWithinSeconds"]!.GetValue<int>());
        Assert.Contains("'desk' is revoked, effective within 15 minutes where it is connected to NATS directly.", run.Error, StringComparison.Ordinal);
    }
}
