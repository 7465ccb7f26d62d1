using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Bowline.Nats.Jwt;
using Bowline.Nats.NKeys;
using Bowline.Testing.NatsServers;
using Bowline.Testing.Processes;

namespace Bowline.Testing.Tests.NatsServers;

public sealed class NatsServerProcessTests
{
    private const string Hello = """{"verbose":false,"pedantic":false}""";
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_plain_server_answers_and_leaves_neither_process_nor_folder()
    {
        var server = await NatsServerProcess.StartAsync(cancellationToken: Ct);
        int id;
        await using (server)
        {
            id = server.ProcessId;
            using var client = await RawClient.ConnectAsync(server.Port, null, Ct);
            Assert.StartsWith("INFO ", client.Info, StringComparison.Ordinal);
            Assert.Equal("PONG", await client.LoginAsync(Hello, Ct));
            Assert.True(Directory.Exists(server.Folder));
        }

        Assert.False(Directory.Exists(server.Folder));
        Assert.False(server.IsRunning);
        Assert.False(Directory.Exists($"/proc/{id}"));
    }

    [Fact]
    public async Task Options_reach_the_server()
    {
        var options = new NatsServerOptions { JetStream = true, MaxPayload = 4096, WebSocket = true, Monitoring = true };
        await using var server = await NatsServerProcess.StartAsync(options, Ct);
        using var client = await RawClient.ConnectAsync(server.Port, null, Ct);
        Assert.Contains("\"max_payload\":4096", client.Info, StringComparison.Ordinal);
        Assert.Contains("\"jetstream\":true", client.Info, StringComparison.Ordinal);
        using var http = new HttpClient();
        using var varz = JsonDocument.Parse(await http.GetStringAsync(new Uri(server.MonitoringUrl + "/varz"), Ct));
        Assert.Equal(2_000_000_000, varz.RootElement.GetProperty("write_deadline").GetInt64());
        Assert.Equal(32768, varz.RootElement.GetProperty("max_control_line").GetInt64());
        using var socket = new System.Net.WebSockets.ClientWebSocket();
        await socket.ConnectAsync(new Uri(server.WebSocketUrl), Ct);
        Assert.Equal(System.Net.WebSockets.WebSocketState.Open, socket.State);
    }

    [Fact]
    public async Task A_tls_server_presents_its_certificate()
    {
        await using var server = await NatsServerProcess.StartAsync(new NatsServerOptions { Tls = true }, Ct);
        using var client = await RawClient.ConnectAsync(server.Port, server.Certificate, Ct);
        Assert.Equal("PONG", await client.LoginAsync(Hello, Ct));
        Assert.StartsWith("tls://", server.Url, StringComparison.Ordinal);
        Assert.NotNull(server.Certificate);
    }

    [Fact]
    public async Task Restart_after_kill_keeps_port_and_store()
    {
        await using var server = await NatsServerProcess.StartAsync(NatsServerOptions.WithJetStream, Ct);
        var port = server.Port;
        using (var client = await RawClient.ConnectAsync(port, null, Ct))
        {
            Assert.Contains("\"name\":\"S\"", await JetStreamAsync(client, "$JS.API.STREAM.CREATE.S", """{"name":"S","subjects":["s.>"],"storage":"file"}"""), StringComparison.Ordinal);
        }

        await server.KillAsync(Ct);
        Assert.False(server.IsRunning);
        await Assert.ThrowsAsync<SocketException>(async () => await RawClient.ConnectAsync(port, null, Ct));
        await server.RestartAsync(Ct);
        Assert.Equal(port, server.Port);
        using var again = await RawClient.ConnectAsync(port, null, Ct);
        Assert.Contains("\"name\":\"S\"", await JetStreamAsync(again, "$JS.API.STREAM.INFO.S", ""), StringComparison.Ordinal);
        await server.StopAsync(Ct);
        Assert.False(server.IsRunning);
    }

    [Fact]
    public async Task A_frozen_server_is_silent_until_it_thaws()
    {
        await using var server = await NatsServerProcess.StartAsync(cancellationToken: Ct);
        using var client = await RawClient.ConnectAsync(server.Port, null, Ct);
        Assert.Equal("PONG", await client.LoginAsync(Hello, Ct));
        server.Freeze();
        await client.SendAsync("PING\r\n", Ct);
        var answer = client.ReadLineAsync(Ct);
        Assert.NotSame(answer, await Task.WhenAny(answer, Task.Delay(200, Ct)));
        server.Thaw();
        Assert.Equal("PONG", await answer);
    }

    [Fact]
    public async Task Operator_mode_admits_its_users_and_nobody_else()
    {
        await using var server = await NatsServerProcess.StartAsync(NatsServerOptions.WithOperator, Ct);
        var accounts = server.Operator!;
        Assert.Equal("PONG", await LoginAsync(server, accounts.HubCreds()));
        Assert.Equal("PONG", await LoginAsync(server, accounts.SystemCreds()));
        Assert.Equal("PONG", await LoginAsync(server, accounts.LinkCreds(new UserData { Publish = new SubjectPermission { Allow = ["a.>"] } })));
        Assert.Contains("Authorization", await LoginAsync(server, accounts.LinkCreds(expires: DateTimeOffset.UtcNow.AddMinutes(-1))), StringComparison.Ordinal);
        using var stranger = NKeyPair.Create(NKeyType.User);
        Assert.Contains("Authorization", await LoginAsync(server, accounts.LinkCreds() with { Seed = stranger.Seed }), StringComparison.Ordinal);
        using var client = await RawClient.ConnectAsync(server.Port, null, Ct);
        Assert.Contains("Authorization", await client.LoginAsync(Hello, Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_cannot_start_says_why()
    {
        var options = new NatsServerOptions { ExtraConfiguration = "lame_duck_duration: \"1s\"" };
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => NatsServerProcess.StartAsync(options, Ct));
        Assert.Contains("minimum", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_nats_server_is_named_with_the_way_to_get_it()
    {
        var named = Assert.Throws<FileNotFoundException>(() => NatsServerBinary.Find("/nowhere/nats-server", null));
        Assert.Contains(NatsServerBinary.Variable, named.Message, StringComparison.Ordinal);
        Assert.EndsWith("nats-server", NatsServerBinary.Find(null, null), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_child_survives_the_pool_thread_that_asked_for_it()
    {
        NatsServerProcess? server = null;
        var asker = new Thread(() => server = NatsServerProcess.StartAsync().GetAwaiter().GetResult());
        asker.Start();
        asker.Join();
        await using (server)
        {
            using var client = await RawClient.ConnectAsync(server!.Port, null, Ct);
            Assert.Equal("PONG", await client.LoginAsync(Hello, Ct));
            Assert.True(server.IsRunning);
        }
    }

    [Fact]
    public async Task The_server_replaces_the_shim_and_is_our_own_child()
    {
        await using var server = await NatsServerProcess.StartAsync(cancellationToken: Ct);
        Assert.Equal("nats-server", (await File.ReadAllTextAsync($"/proc/{server.ProcessId}/comm", Ct)).Trim());
        var parent = (await File.ReadAllLinesAsync($"/proc/{server.ProcessId}/status", Ct)).Single(l => l.StartsWith("PPid:", StringComparison.Ordinal));
        Assert.Equal(Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture), parent[5..].Trim());
    }

    [Fact]
    public async Task A_child_is_killed_when_the_thread_that_forked_it_ends()
    {
        Process? child = null;
        var forker = new Thread(() =>
        {
            child = Process.Start(ChildProcesses.WithParentDeathSignal(new ProcessStartInfo("sleep", ["600"])))!;
            // The signal is set once the shim has become the child.
            Assert.True(SpinWait.SpinUntil(() => File.ReadAllText($"/proc/{child.Id}/comm").Trim() == "sleep", 10_000));
        });
        forker.Start();
        forker.Join();
        await child!.WaitForExitAsync(Ct);
        Assert.Equal(128 + 9, child.ExitCode);
        child.Dispose();
    }

    private static async Task<string> LoginAsync(NatsServerProcess server, NatsCreds creds)
    {
        using var client = await RawClient.ConnectAsync(server.Port, null, Ct);
        using var info = JsonDocument.Parse(client.Info[5..]);
        using var key = NKeyPair.FromSeed(creds.Seed);
        var nonce = info.RootElement.GetProperty("nonce").GetString()!;
        var signature = System.Buffers.Text.Base64Url.EncodeToString(key.Sign(Encoding.ASCII.GetBytes(nonce)));
        return await client.LoginAsync($$"""{"verbose":false,"pedantic":false,"jwt":"{{creds.Jwt}}","sig":"{{signature}}"}""", Ct);
    }

    private static async Task<string> JetStreamAsync(RawClient client, string subject, string body)
    {
        await client.SendAsync($"CONNECT {Hello}\r\nSUB _INBOX.1 1\r\nPUB {subject} _INBOX.1 {body.Length}\r\n{body}\r\n", Ct);
        Assert.StartsWith("MSG ", await client.ReadLineAsync(Ct), StringComparison.Ordinal);
        return await client.ReadLineAsync(Ct);
    }
}
