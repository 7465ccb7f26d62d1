using System.Diagnostics;
using System.Net;
using Bowline.EndToEnd.Tests.Support;
using Bowline.Testing.Processes;

namespace Bowline.EndToEnd.Tests.Up;

/// <summary><c>bowline up</c> from its start to its end, the good one and the bad one. Time bounds are twice the promise: a test machine may be busy.</summary>
public sealed class LifecycleTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_pages_come_within_5_s_of_the_start()
    {
        using var home = new HomeFolder();
        await using var up = await UpProcess.StartAsync(home, Token);
        using var console = await up.Http.GetAsync("login", Token);
        Assert.Equal(HttpStatusCode.OK, console.StatusCode);
        Assert.Equal("text/html", console.Content.Headers.ContentType?.MediaType);
        var link = await up.OnlineAsync(Token);
        using var demo = await up.Http.GetAsync($"t/{link["name"]!.GetValue<string>()}/demo/", Token);
        Assert.Equal(HttpStatusCode.OK, demo.StatusCode);
        Assert.True(up.Age < TimeSpan.FromSeconds(10), $"The first pages came after {up.Age}.");
    }

    [Fact]
    public async Task Ctrl_C_stops_everything_and_the_next_up_keeps_the_device()
    {
        using var home = new HomeFolder();
        var ports = FreePorts.Two();
        string device;
        await using (var up = await UpProcess.StartAsync(home, Token, ports))
        {
            device = (await up.OnlineAsync(Token))["deviceId"]!.GetValue<string>();
            await up.Process.WaitForLineAsync(line => line.StartsWith("node ", StringComparison.Ordinal) && line.Contains(": online", StringComparison.Ordinal), LinkedNode.Patience, Token);
            Assert.Single(NatsServers.Below(home.Path));
            var asked = Stopwatch.GetTimestamp();
            up.Process.SignalGroup(Signals.Interrupt);
            Assert.Equal(130, await up.Process.WaitForExitAsync(LinkedNode.Patience, Token));
            var took = Stopwatch.GetElapsedTime(asked);
            Assert.True(took < TimeSpan.FromSeconds(6), $"Stopping took {took}.");
            Assert.Empty(NatsServers.Below(home.Path));
            Assert.EndsWith("Stopping.", up.Process.Output.TrimEnd(), StringComparison.Ordinal); // Nothing crashed, nothing was cut.
        }

        await using var again = await UpProcess.StartAsync(home, Token, ports);
        Assert.Equal(device, (await again.OnlineAsync(Token))["deviceId"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_second_up_on_the_same_folder_is_refused_in_words()
    {
        using var home = new HomeFolder();
        await using var up = await UpProcess.StartAsync(home, Token);
        var (port, contentPort) = FreePorts.Two();
        var second = await BowlineProgram.RunAsync(home.Path, null, "up", "--listen", $"127.0.0.1:{port}", "--content-port", contentPort.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(1, second.ExitCode);
        Assert.Contains("error: The hub could not start.", second.Output, StringComparison.Ordinal);
        Assert.Contains("bowline status", second.Output, StringComparison.Ordinal);
        await up.OnlineAsync(Token);
    }

    [Fact]
    public async Task A_killed_up_leaves_no_nats_server_and_the_next_up_works()
    {
        using var home = new HomeFolder();
        await using (var up = await UpProcess.StartAsync(home, Token))
        {
            await up.OnlineAsync(Token);
            up.Process.Signal(Signals.Kill);
            await NatsServers.NoneBelowAsync(home.Path, TimeSpan.FromSeconds(2), Token);
        }

        await using var again = await UpProcess.StartAsync(home, Token);
        await again.OnlineAsync(Token);
    }
}
