using System.Text.Json.Nodes;
using Bowline.EndToEnd.Tests.Support;
using Bowline.Testing.Processes;

namespace Bowline.EndToEnd.Tests.Commands;

/// <summary>The commands against a hub and a node that run.</summary>
public sealed class LinkCommandTests(RunningLink running) : IClassFixture<RunningLink>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private LinkedNode Link => running.Link;

    private string Hub => Link.Hub.Url.ToString();

    [Fact]
    public async Task Invite_pipes_into_join()
    {
        using var home = new HomeFolder();
        var invite = await OnHubAsync("hub", "invite", "--hub", Hub);
        Assert.Equal(0, invite.ExitCode);
        var join = await BowlineProgram.RunAsync(home.Path, invite.Data, "node", "join", Hub, "--name", "laptop", "--code-file", "-");
        Assert.True(join.ExitCode == 0, join.Output);
        Assert.Contains("as 'laptop'", join.Output, StringComparison.Ordinal);
        var used = await BowlineProgram.RunAsync(home.Path, invite.Data, "node", "join", Hub, "--code-file", "-");
        Assert.Equal(4, used.ExitCode);
    }

    [Fact]
    public async Task Links_as_JSON_name_the_node_its_state_and_its_services()
    {
        var links = await OnHubAsync("links", "--hub", Hub, "--json");
        Assert.Equal(0, links.ExitCode);
        var desk = Assert.Single(JsonNode.Parse(links.Data)!.AsArray(), link => link!["name"]!.GetValue<string>() == LinkedNode.Name)!;
        Assert.Equal("online", desk["state"]!.GetValue<string>());
        Assert.Contains(desk["services"]!.AsArray(), service => service!["name"]!.GetValue<string>() == "demo");
    }

    [Fact]
    public async Task Status_on_the_node_tells_link_and_hub()
    {
        var status = await BowlineProgram.RunAsync(Link.Node.Home, null, "status", "--json");
        Assert.True(status.ExitCode == 0, status.Output);
        var report = JsonNode.Parse(status.Data)!;
        Assert.Equal("online", report["node"]!["link"]!["state"]!.GetValue<string>());
        Assert.True(report["hub"]!["reachable"]!.GetValue<bool>());
        var words = await BowlineProgram.RunAsync(Link.Node.Home, null, "status");
        Assert.Contains(": online", words.Data, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ping_answers_with_a_round_trip()
    {
        var ping = await OnHubAsync("ping", LinkedNode.Name, "-c", "1", "--hub", Hub);
        Assert.Equal(0, ping.ExitCode);
        Assert.Matches(@"^desk: online, probe, \d+\.\d ms$", ping.Data);
        var stranger = await OnHubAsync("ping", "nobody", "-c", "1", "--hub", Hub);
        Assert.NotEqual(0, stranger.ExitCode);
    }

    [Fact]
    public async Task Expose_serves_until_Ctrl_C()
    {
        await using var data = await ExposedData.StartAsync(Link.Node.Home, Token, "--inspect");
        Assert.StartsWith("hello account", await Link.Http.GetStringAsync($"t/{LinkedNode.Name}/{ExposedData.Name}/hello", Token), StringComparison.Ordinal);
        await data.Command.WaitForLineAsync(line => line.Contains("200 GET /hello", StringComparison.Ordinal), LinkedNode.Patience, Token);
        data.Command.SignalGroup(Signals.Interrupt);
        Assert.Equal(130, await data.Command.WaitForExitAsync(LinkedNode.Patience, Token));
        using var gone = await Link.Http.GetAsync($"t/{LinkedNode.Name}/{ExposedData.Name}/hello", Token);
        Assert.False(gone.IsSuccessStatusCode);
    }

    [Fact]
    public async Task A_wrong_code_is_refused_with_exit_code_4()
    {
        using var home = new HomeFolder();
        var join = await BowlineProgram.RunAsync(home.Path, "AAAA-BBBB-CCCC", "node", "join", Hub, "--code-file", "-");
        Assert.Equal(4, join.ExitCode);
        Assert.Contains("next: get a new code with: bowline hub invite", join.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_has_joined_does_not_join_another_hub()
    {
        var join = await BowlineProgram.RunAsync(Link.Node.Home, "AAAA-BBBB-CCCC", "node", "join", "http://127.0.0.1:9/", "--code-file", "-");
        Assert.Equal(1, join.ExitCode);
        Assert.Contains("It has joined", join.Output, StringComparison.Ordinal);
        Assert.Contains("bowline node leave", join.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_daemon_on_the_same_folder_is_refused()
    {
        var second = await BowlineProgram.RunAsync(Link.Node.Home, null, "node", "run");
        Assert.Equal(1, second.ExitCode);
        Assert.Contains("bowline status", second.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_taken_port_is_said_in_words()
    {
        using var home = new HomeFolder();
        var hub = await BowlineProgram.RunAsync(home.Path, null, "hub", "--listen", $"127.0.0.1:{Link.Hub.Url.Port}");
        Assert.Equal(1, hub.ExitCode);
        Assert.Contains("Something else listens on", hub.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", hub.Output, StringComparison.Ordinal);
        Assert.Empty(NatsServers.Below(home.Path));
    }

    private Task<CommandResult> OnHubAsync(params string[] arguments) => BowlineProgram.RunAsync(Link.Hub.Home, null, arguments);
}
