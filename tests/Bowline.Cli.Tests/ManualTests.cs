using Bowline.Cli.Tests.Support;
using Bowline.Testing.Namespaces;
using Bowline.Testing.Processes;

namespace Bowline.Cli.Tests;

public sealed class ManualTests : IDisposable
{
    private readonly CliHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Help_lists_the_commands_examples_and_exit_codes_on_stdout()
    {
        var run = await _home.RunAsync("--help");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(string.Empty, run.Error);
        foreach (var word in new[] { "up", "hub", "node", "expose", "links", "status", "ping", "doctor", "relay", "key", "event", "completion", "Examples:", "Exit codes: 0 ok, 1 failed, 2 usage, 3 unreachable, 4 unauthorised, 5 timed out, 130 interrupted." })
        {
            Assert.Contains(word, run.Out, StringComparison.Ordinal);
        }

        Assert.Equal(run, await _home.RunAsync());
    }

    [Theory]
    [InlineData("up")]
    [InlineData("hub")]
    [InlineData("hub", "invite")]
    [InlineData("hub", "revoke")]
    [InlineData("hub", "disconnect")]
    [InlineData("node", "join")]
    [InlineData("node", "run")]
    [InlineData("node", "leave")]
    [InlineData("expose")]
    [InlineData("links")]
    [InlineData("status")]
    [InlineData("ping")]
    [InlineData("doctor")]
    [InlineData("relay")]
    [InlineData("key", "new")]
    [InlineData("key", "show")]
    [InlineData("event", "verify")]
    [InlineData("completion")]
    public async Task Every_command_explains_itself_with_an_example(params string[] command)
    {
        var run = await _home.RunAsync([.. command, "--help"]);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("Examples:\n", run.Out, StringComparison.Ordinal);
        Assert.Contains("bowline " + string.Join(' ', command), run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_version_is_one_line_on_stdout()
    {
        var run = await _home.RunAsync("--version");
        Assert.Equal(0, run.ExitCode);
        Assert.Matches(@"^\d+\.\d+\.\d+(\+[0-9a-f]+)?\n$", run.Out);
    }

    [Theory]
    [InlineData("'frobnicate'", "bowline --help", "frobnicate")]
    [InlineData("command was not provided", "bowline node --help", "node")]
    [InlineData("argument", "bowline ping --help", "ping")]
    [InlineData("http://", "bowline links --help", "links", "--hub", "ftp://hub")]
    [InlineData("Which service?", "bowline expose --help", "expose")]
    [InlineData("single dashes", "bowline expose --help", "expose", "3000", "--name", "Web!")]
    [InlineData("127.0.0.1:7700", "bowline up --help", "up", "--listen", "nowhere")]
    [InlineData("--nats-hub-creds", "bowline hub --help", "hub", "--nats", "nats://127.0.0.1:4222")]
    [InlineData("csh", "bowline completion --help", "completion", "csh")]
    public async Task A_wrong_command_line_exits_2_and_names_the_help(string why, string next, params string[] arguments) =>
        (await _home.RunAsync(arguments)).AssertFailed(2, why, next);

    [Theory]
    [InlineData("links")]
    [InlineData("ping", "desk")]
    [InlineData("hub", "invite")]
    [InlineData("hub", "login")]
    public async Task A_hub_that_is_down_exits_3(params string[] command) =>
        (await _home.RunAsync([.. command, "--hub", "http://127.0.0.1:1"])).AssertFailed(3, "refused", "bowline up");

    [Fact]
    public async Task Status_without_node_and_hub_says_so_and_exits_3()
    {
        var run = await _home.RunAsync("status", "--hub", "http://127.0.0.1:1");
        Assert.Equal(3, run.ExitCode);
        Assert.Contains("not running on this machine", run.Out, StringComparison.Ordinal);
        Assert.Contains("not reachable", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', run.Out);
    }

    [Fact]
    public async Task A_node_that_has_joined_nothing_does_not_run() =>
        (await _home.RunAsync("node", "run")).AssertFailed(1, "has not joined a hub", "bowline node join");

    [Fact]
    public async Task Leaving_nothing_says_so() =>
        (await _home.RunAsync("node", "leave")).AssertFailed(1, "has not joined a hub", "bowline up");

    [Fact]
    public async Task Exposing_without_a_node_exits_3() =>
        (await _home.RunAsync("expose", "3000")).AssertFailed(3, "No node runs", "bowline up");

    [Fact]
    public async Task Joining_needs_a_code_and_a_hub()
    {
        (await _home.RunWithInputAsync("", "node", "join", "http://127.0.0.1:1")).AssertFailed(2, "one-time code", "bowline hub invite");
        (await _home.RunAsync("node", "join", "http://127.0.0.1:1", "--code-file", "/nonexistent")).AssertFailed(2, "does not exist", "bowline node join --help");
        (await _home.RunWithInputAsync("ABC", "node", "join", "http://127.0.0.1:1", "--code-file", "-")).AssertFailed(3, "refused", "bowline doctor");
    }

    [Fact]
    public async Task A_token_file_that_others_can_read_is_refused_with_the_command_to_run()
    {
        var file = Path.Combine(_home.Path, "token");
        await File.WriteAllTextAsync(file, "bwl_x_y");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        (await _home.RunAsync("links", "--token-file", file)).AssertFailed(1, "others may open it", $"chmod 600 {file}");
    }

    [Fact]
    public async Task A_missing_nats_server_is_named_with_the_command_that_installs_it()
    {
        var (port, content) = UpProcess.FreePorts();
        (await _home.RunAsync("up", "--listen", $"127.0.0.1:{port}", "--content-port", $"{content}", "--nats-server", "no-such-nats-server"))
            .AssertFailed(1, "no-such-nats-server", "apt-get install nats-server");
    }

    [Fact]
    public async Task Doctor_finds_that_nothing_listens_and_what_is_installed()
    {
        var run = await _home.RunAsync("doctor", "--hub", "http://127.0.0.1:1");
        Assert.Equal(1, run.ExitCode);
        Assert.Matches("ok +openssl", run.Out);
        Assert.Matches("ok +nats-server", run.Out);
        Assert.Matches("FAILED +hub +Nothing listens", run.Out);
    }
    [Fact]
    public async Task Doctor_says_that_peers_go_through_the_hub_where_a_library_of_data_channels_is_missing()
    {
        var run = await _home.RunAsync("doctor", "--hub", "http://127.0.0.1:1");
        Assert.Matches("ok +data channels", run.Out);
        string[] command = [.. AbsentLibrary.Prefix("libusrsctp.so"), CliRun.Executable, "doctor", "--hub", "http://127.0.0.1:1"];
        await using var process = TestProcess.Start(command[0], command[1..], new Dictionary<string, string?> { ["BOWLINE_HOME"] = _home.Path });
        await process.WaitForExitAsync(TimeSpan.FromSeconds(30));
        Assert.Matches("warn.* +data channels .*through the hub", process.Data);
        Assert.Contains("apt-get install libnice10 libssl3 libusrsctp2", process.Data, StringComparison.Ordinal);
        Assert.Matches("ok +openssl", process.Data);
    }
}
