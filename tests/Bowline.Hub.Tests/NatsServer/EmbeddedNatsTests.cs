using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Bowline.Core.Health;
using Bowline.Hub.NatsServer;
using Bowline.Hub.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bowline.Hub.Tests.NatsServer;

public sealed class EmbeddedNatsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_killed_server_is_started_again_on_its_port()
    {
        await using var hub = await HubFixture.StartAsync();
        var nats = hub.Get<EmbeddedNats>();
        var (pid, url) = (nats.ProcessId!.Value, nats.Url);
        using var addresses = new AddressWatch(nats);
        Assert.True(UnixProcess.Signal(pid, UnixProcess.Kill));
        Assert.Null(await addresses.NextAsync());
        Assert.Equal(url, await addresses.NextAsync());
        Assert.NotEqual(pid, nats.ProcessId);
        using var device = await hub.EnrolAsync();
        using var link = await device.ConnectAsync();
        Assert.Empty(await link.FlushAsync());
    }

    [Fact]
    public async Task A_server_whose_port_was_taken_after_a_crash_takes_another_one()
    {
        var held = new HeldServer();
        await using var hub = await HubFixture.StartAsync(o => o.NatsServer = held.Binary);
        var nats = hub.Get<EmbeddedNats>();
        var old = nats.Url!;
        using var addresses = new AddressWatch(nats);
        held.Hold();
        Assert.True(UnixProcess.Signal(nats.ProcessId!.Value, UnixProcess.Kill));
        Assert.Null(await addresses.NextAsync());
        using var thief = new TcpListener(System.Net.IPAddress.Loopback, old.Port);
        thief.Start();
        held.Go();
        var next = await addresses.NextAsync();
        Assert.NotNull(next);
        Assert.NotEqual(old, next);

        // Its own questions and the links' bridges go to the new address.
        using var device = await hub.EnrolAsync();
        using var link = await device.ConnectAsync();
        Assert.Empty(await link.FlushAsync());
        await nats.PushRevocationsAsync(Token);
        Assert.Empty(hub.Get<HealthTracker>().Visible);
        held.Dispose();
    }

    [Fact]
    public async Task The_server_ends_with_the_hub_and_leaves_nothing()
    {
        var hub = await HubFixture.StartAsync();
        var pid = hub.Get<EmbeddedNats>().ProcessId!.Value;
        Assert.True(StaleServer.IsOurs(pid, Path.Combine(hub.Folder, "nats", "nats.conf")));
        await hub.DisposeAsync();
        Assert.False(Directory.Exists("/proc/" + pid.ToString(CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task A_server_left_behind_is_stopped_and_a_stranger_with_its_pid_is_not()
    {
        var root = Directory.CreateTempSubdirectory("bowline-stale-");
        try
        {
            var folder = new NatsServerFolder(root.FullName);
            folder.Create();
            await File.WriteAllTextAsync(folder.Config, $"listen: \"127.0.0.1:-1\"\npid_file: \"{folder.PidFile}\"\n", Token);
            using var left = await ForkThread.StartAsync(new ProcessStartInfo((await NatsBinary.FindAsync("nats-server", Token)).Path, ["-c", folder.Config]) { RedirectStandardError = true, UseShellExecute = false });
            await UntilAsync(() => File.Exists(folder.PidFile) && File.ReadAllText(folder.PidFile).Trim() == left.Id.ToString(CultureInfo.InvariantCulture));
            Assert.Equal(left.Id, await StaleServer.StopAsync(folder, TimeProvider.System, Token));
            await left.WaitForExitAsync(Token);

            using var stranger = Process.Start(new ProcessStartInfo("sleep", ["60"]))!;
            await File.WriteAllTextAsync(folder.PidFile, stranger.Id.ToString(CultureInfo.InvariantCulture), Token);
            Assert.Null(await StaleServer.StopAsync(folder, TimeProvider.System, Token));
            Assert.False(stranger.HasExited);
            stranger.Kill();
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_child_stops_gracefully_with_either_way_of_tying_it_to_the_hub(bool setpriv)
    {
        var root = Directory.CreateTempSubdirectory("bowline-child-");
        try
        {
            var folder = new NatsServerFolder(root.FullName);
            folder.Create();
            await File.WriteAllTextAsync(folder.Config, $"listen: \"127.0.0.1:-1\"\npid_file: \"{folder.PidFile}\"\n", Token);
            var child = await NatsChild.StartAsync((await NatsBinary.FindAsync("nats-server", Token)).Path, folder, setpriv, TimeProvider.System, NullLogger.Instance);
            await UntilAsync(() => File.Exists(folder.PidFile) && File.ReadAllText(folder.PidFile).Length > 0);
            var pid = int.Parse((await File.ReadAllTextAsync(folder.PidFile, Token)).Trim(), CultureInfo.InvariantCulture);
            Assert.True(StaleServer.IsOurs(pid, folder.Config));
            await child.DisposeAsync();
            await UntilAsync(() => !StaleServer.IsOurs(pid, folder.Config));
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_missing_binary_is_named_with_the_command_that_installs_it()
    {
        var error = await Assert.ThrowsAsync<HubException>(() => HubFixture.StartAsync(o => o.NatsServer = "no-such-nats-server"));
        Assert.Equal(HubError.NatsServerMissing, error.Error);
        Assert.Contains("apt-get install nats-server", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_old_binary_is_refused()
    {
        var script = Path.Combine(Directory.CreateTempSubdirectory("bowline-old-").FullName, "nats-server");
        await File.WriteAllTextAsync(script, "#!/bin/sh\necho 'nats-server: v2.9.9'\n", Token);
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var error = await Assert.ThrowsAsync<HubException>(() => NatsBinary.FindAsync(script, Token));
        Assert.Equal(HubError.NatsServerTooOld, error.Error);
        Directory.Delete(Path.GetDirectoryName(script)!, recursive: true);
    }

    [Theory]
    [InlineData("nats-server: v2.9.10", "2.9.10")]
    [InlineData("nats-server: v2.12.0-RC.1", "2.12.0")]
    [InlineData("something else", null)]
    public void Versions_are_read(string output, string? version) => Assert.Equal(version, NatsBinary.ParseVersion(output)?.ToString());

    [Fact]
    public void Three_crashes_in_a_minute_slow_the_restarts_down()
    {
        var time = new FrozenTime();
        var history = new CrashHistory(time, new Random(1));
        Assert.True(history.Add() < TimeSpan.FromSeconds(1));
        time.Advance(TimeSpan.FromSeconds(20));
        Assert.True(history.Add() < TimeSpan.FromSeconds(1));
        Assert.False(history.IsLooping);
        time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(CrashHistory.SlowPace, history.Add());
        Assert.True(history.IsLooping);
        time.Advance(TimeSpan.FromMinutes(2));
        Assert.False(history.IsLooping);
        Assert.True(history.Add() < TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_server_that_keeps_crashing_raises_a_warning()
    {
        await using var hub = await HubFixture.StartAsync();
        var nats = hub.Get<EmbeddedNats>();
        using var addresses = new AddressWatch(nats);
        for (var i = 0; i < 3; i++)
        {
            Assert.True(UnixProcess.Signal(nats.ProcessId!.Value, UnixProcess.Kill));
            Assert.Null(await addresses.NextAsync());
            if (i < 2)
            {
                Assert.NotNull(await addresses.NextAsync()); // After the third crash it waits for long.
            }
        }

        await UntilAsync(() => hub.Get<HealthTracker>().Visible.Count > 0);
        var warning = Assert.Single(hub.Get<HealthTracker>().Visible);
        Assert.Equal("nats-server-crashing", warning.Code);
        using var client = hub.Operator();
        using var response = await client.GetAsync("/healthz", Token);
        var told = Assert.Single((await HubFixture.JsonAsync(response)).GetProperty("warnings").EnumerateArray());
        Assert.Equal(
            [("code", warning.Code), ("title", warning.Title), ("severity", "Error"), ("text", warning.Text), ("command", "bowline doctor")],
            told.EnumerateObject().Where(member => member.Name != "since").Select(member => (member.Name, member.Value.GetString()!)));
    }

    [Fact]
    public async Task Keys_are_private_files_and_survive_a_restart()
    {
        await using var hub = await HubFixture.StartAsync();
        var files = Directory.GetFiles(Path.Combine(hub.Folder, "keys"));
        Assert.Equal(7, files.Length); // Five of NATS, one of the content cookies, one of the relay.
        Assert.All(files, f => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(f)));
        using var again = NatsKeyRing.LoadOrCreate(Path.Combine(hub.Folder, "keys"));
        Assert.Equal(hub.Get<EmbeddedNats>().LinkAccount, again.Link.PublicKey);
        Assert.DoesNotContain("SA", (await File.ReadAllTextAsync(Path.Combine(hub.Folder, "nats", "nats.conf"), Token)).Split('"').Where(p => p.Length == 58));
    }

    /// <summary>Polls what another process does; fails after ten seconds.</summary>
    private static async Task UntilAsync(Func<bool> condition)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(10), "It did not happen within ten seconds.");
            await Task.Delay(5, Token);
        }
    }
}
