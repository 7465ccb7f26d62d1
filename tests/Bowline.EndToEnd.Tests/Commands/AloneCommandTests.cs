using Bowline.EndToEnd.Tests.Support;

namespace Bowline.EndToEnd.Tests.Commands;

/// <summary>The commands where nothing runs that they need.</summary>
public sealed class AloneCommandTests
{
    [Theory]
    [InlineData("links")]
    [InlineData("ping", "desk")]
    [InlineData("hub", "invite")]
    public async Task A_hub_that_is_down_is_exit_code_3(params string[] command)
    {
        using var home = new HomeFolder();
        var (port, _) = FreePorts.Two();
        var result = await BowlineProgram.RunAsync(home.Path, null, [.. command, "--hub", $"http://127.0.0.1:{port}"]);
        Assert.Equal(3, result.ExitCode);
        Assert.Contains("cannot be reached", result.Output, StringComparison.Ordinal);
        Assert.Contains("next: bowline up", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_nats_server_is_said_with_the_way_to_get_it()
    {
        using var home = new HomeFolder();
        var (port, contentPort) = FreePorts.Two();
        var result = await BowlineProgram.RunAsync(home.Path, null, "up", "--listen", $"127.0.0.1:{port}", "--content-port", contentPort.ToString(System.Globalization.CultureInfo.InvariantCulture), "--nats-server", "no-such-nats-server");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("apt-get install nats-server", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Expose_without_a_node_says_what_to_start()
    {
        using var home = new HomeFolder();
        var result = await BowlineProgram.RunAsync(home.Path, null, "expose", "3000");
        Assert.Equal(3, result.ExitCode);
        Assert.Contains("next: bowline up", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_is_not_this_machines_is_said_with_one_that_is()
    {
        using var home = new HomeFolder();
        var result = await BowlineProgram.RunAsync(home.Path, null, "hub", "--listen", "192.0.2.1:7700");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("cannot listen on 192.0.2.1:7700", result.Output, StringComparison.Ordinal);
        Assert.Contains("next: bowline hub --listen 127.0.0.1:7700", result.Output, StringComparison.Ordinal);
    }
}
