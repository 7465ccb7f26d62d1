using System.Diagnostics;
using Bowline.Nats.Server;

namespace Bowline.Nats.Tests.Server;

public sealed class NatsServerConfigTests
{
    [Fact]
    public void Values_are_quoted_and_control_characters_refused()
    {
        var text = new NatsServerConfig { ServerName = "a\" b\\c" }.ToText();
        Assert.Contains("server_name: \"a\\\" b\\\\c\"\n", text, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new NatsServerConfig { PidFile = "/tmp/x\nhttp: 1" }.ToText());
        Assert.DoesNotContain("websocket", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_server_itself_accepts_the_text()
    {
        var folder = Directory.CreateTempSubdirectory("bowline \"conf\" ").FullName;
        var file = Path.Combine(folder, "nats.conf");
        var config = new NatsServerConfig { PortsFileDirectory = folder, PidFile = Path.Combine(folder, "pid"), MonitoringPort = -1, PingInterval = TimeSpan.FromSeconds(1), WebSocketPort = -1, JetStream = new NatsServerJetStream(Path.Combine(folder, "js")) };
        await File.WriteAllTextAsync(file, config.ToText(), TestContext.Current.CancellationToken);
        using var check = Process.Start(new ProcessStartInfo("/usr/sbin/nats-server", ["-t", "-c", file]) { RedirectStandardError = true, UseShellExecute = false })!;
        var said = await check.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await check.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(check.ExitCode == 0, said);
        Directory.Delete(folder, true);
    }

    [Fact]
    public void The_ports_file_is_read_only_when_whole()
    {
        Assert.True(NatsServerPorts.TryParse("""{"nats":["nats://127.0.0.1:4222"],"monitoring":[],"websocket":["ws://127.0.0.1:1"]}""", out var ports));
        Assert.Equal(["nats://127.0.0.1:4222"], ports.Clients!);
        Assert.False(NatsServerPorts.TryParse("""{"nats":["nats://127""", out _));
        Assert.False(NatsServerPorts.TryParse("""{"nats":[]}""", out _));
        Assert.False(NatsServerPorts.TryParse("", out _));
        Assert.Equal("nats-server_7.ports", NatsServerPorts.FileName(7));
    }
}
