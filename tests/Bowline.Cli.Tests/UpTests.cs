using System.Text.Json.Nodes;
using Bowline.Cli.Tests.Support;
using Bowline.Testing.Processes;

namespace Bowline.Cli.Tests;

/// <summary>Commands against a real hub and node, started as a person starts them.</summary>
public sealed class UpTests(UpProcess up) : IClassFixture<UpProcess>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Up_prints_where_everything_is_as_one_json_object()
    {
        Assert.StartsWith(up.Hub, up.Greeting["console"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains("/login#", up.Greeting["loginUrl"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(52, up.Greeting["deviceId"]!.GetValue<string>().Length);
        Assert.NotEqual(up.Greeting["console"]!.GetValue<string>(), up.Greeting["content"]!.GetValue<string>());
        Assert.True(File.Exists(up.Greeting["tokenFile"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Status_shows_node_link_services_and_presence()
    {
        var run = await up.RunAsync("status", "--json");
        Assert.Equal(0, run.ExitCode);
        var report = JsonNode.Parse(run.Out)!;
        Assert.Equal("online", report["node"]!["link"]!["state"]!.GetValue<string>());
        Assert.Contains(report["node"]!["services"]!.AsArray(), service => service!["name"]!.GetValue<string>() == "demo");
        Assert.True(report["hub"]!["reachable"]!.GetValue<bool>());
        Assert.Equal("online", report["links"]![0]!["state"]!.GetValue<string>());
        var text = await up.RunAsync("status");
        Assert.Contains("online for", text.Out, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', text.Out);
    }

    [Fact]
    public async Task Links_lists_state_proof_and_services()
    {
        var run = await up.RunAsync("links");
        Assert.Equal(0, run.ExitCode);
        Assert.Matches("NAME +STATE +SINCE +PROOF +RTT +SERVICES +VERSION", run.Out);
        Assert.Matches(@"online .*(probe|traffic) .* ago .* ms .*demo", run.Out);
        var link = JsonNode.Parse((await up.RunAsync("links", "--json")).Out)![0]!;
        Assert.Equal(up.Greeting["deviceId"]!.GetValue<string>(), link["deviceId"]!.GetValue<string>());
        Assert.NotNull(link["evidence"]!["method"]);
    }

    [Fact]
    public async Task Ping_asks_now_and_takes_names_and_beginnings_of_ids()
    {
        var run = await up.RunAsync("ping", up.Greeting["node"]!.GetValue<string>(), "-c", "1");
        Assert.Equal(0, run.ExitCode);
        Assert.Matches(@"^.+: online, probe, \d+\.\d ms\n$", run.Out);
        var json = await up.RunAsync("ping", up.Greeting["deviceId"]!.GetValue<string>()[..8], "-c", "1", "--json");
        Assert.Equal("online", JsonNode.Parse(json.Out)!["state"]!.GetValue<string>());
        (await up.RunAsync("ping", "nobody")).AssertFailed(1, "Its nodes are", "bowline links");
    }

    [Fact]
    public async Task Doctor_is_content()
    {
        var run = await up.RunAsync("doctor", "--json");
        Assert.True(run.ExitCode == 0, run.Out);
        Assert.DoesNotContain(JsonNode.Parse(run.Out)!.AsArray(), finding => finding!["state"]!.GetValue<string>() == "failed");
    }

    [Fact]
    public async Task An_invite_is_the_code_alone_on_stdout_and_works_once()
    {
        var invite = await up.RunAsync("hub", "invite");
        Assert.Equal(0, invite.ExitCode);
        Assert.Single(invite.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("bowline node join " + up.Hub, invite.Error, StringComparison.Ordinal);

        using var other = new CliHome();
        var joined = await other.RunWithInputAsync(invite.Out, "node", "join", up.Hub, "--name", "second", "--code-file", "-");
        Assert.True(joined.ExitCode == 0, joined.Error);
        Assert.Equal(string.Empty, joined.Out);
        using var third = new CliHome();
        (await third.RunWithInputAsync(invite.Out, "node", "join", up.Hub, "--code-file", "-")).AssertFailed(4, "used already", "bowline hub invite");

        var left = await other.RunAsync("node", "leave");
        Assert.True(left.ExitCode == 0, left.Error);
        Assert.DoesNotContain("second", (await up.RunAsync("links")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_token_the_hub_asks_who_you_are()
    {
        using var stranger = new CliHome();
        (await stranger.RunAsync("links", "--hub", up.Hub)).AssertFailed(4, "no token", "--token-file");
    }

    [Fact]
    public async Task Expose_serves_until_ctrl_c_and_then_takes_the_service_away()
    {
        await using var expose = TestProcess.Start(
            CliRun.Executable,
            ["expose", "http://127.0.0.1:1", "--name", "brief"],
            new Dictionary<string, string?>(StringComparer.Ordinal) { ["BOWLINE_HOME"] = up.Home });
        await expose.WaitForLineAsync(line => line.Contains("'brief' on node", StringComparison.Ordinal), Limit, Token);
        Assert.Contains("brief", (await up.RunAsync("status")).Out, StringComparison.Ordinal);
        expose.Signal(Signals.Interrupt);
        Assert.Equal(130, await expose.WaitForExitAsync(Limit, Token));
        var waited = TimeProvider.System.GetTimestamp();
        while ((await up.RunAsync("status")).Out.Contains("brief", StringComparison.Ordinal))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(waited) < Limit);
        }
    }

    [Fact]
    public async Task A_second_up_is_refused_by_the_folder_and_by_the_port()
    {
        var (port, content) = UpProcess.FreePorts();
        (await up.RunAsync("up", "--listen", $"127.0.0.1:{port}", "--content-port", $"{content}")).AssertFailed(1, "Another hub uses", "bowline status");
        using var other = new CliHome();
        (await other.RunAsync("up", "--listen", new Uri(up.Hub).Authority, "--content-port", $"{content}")).AssertFailed(1, "listens on", "--listen");
    }

    [Theory]
    [InlineData(Signals.Interrupt, 130)]
    [InlineData(Signals.Terminate, 0)]
    public async Task Stopping_is_quick_and_leaves_nothing_behind(int signal, int exitCode)
    {
        await using var own = new UpProcess();
        await own.InitializeAsync();
        var pid = int.Parse((await File.ReadAllTextAsync(Directory.EnumerateFiles(Path.Combine(own.Home, "hub"), "nats.pid", SearchOption.AllDirectories).Single(), Token)).Trim(), System.Globalization.CultureInfo.InvariantCulture);
        Assert.True(Directory.Exists($"/proc/{pid}"));
        var asked = TimeProvider.System.GetTimestamp();
        own.Process.Signal(signal);
        Assert.Equal(exitCode, await own.Process.WaitForExitAsync(Limit, Token));
        Assert.InRange(TimeProvider.System.GetElapsedTime(asked), TimeSpan.Zero, TimeSpan.FromSeconds(5));
        Assert.False(Directory.Exists($"/proc/{pid}"), "nats-server outlived the hub");
        Assert.False(File.Exists(Path.Combine(own.Home, "node", "control.sock")));
        Assert.DoesNotContain("Unhandled", own.Process.Output, StringComparison.Ordinal);
    }
}
