using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Bowline.Cli.Tests.Support;
using Bowline.Nostr;
using Bowline.Testing.Processes;

namespace Bowline.Cli.Tests.Relays;

public sealed class RelayCommandTests : IDisposable
{
    private readonly CliHome _home = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task It_says_where_it_is_and_keeps_its_key_and_its_events_over_a_restart()
    {
        using var key = NostrKey.Create();
        var note = key.Sign(1, "hello", [], DateTimeOffset.UtcNow);
        string[] keys = ["", ""];
        for (var run = 0; run < 2; run++)
        {
            await using var process = RelayProcess.Start(_home, "--json", "--listen", "127.0.0.1:0", "--relay-name", "Test relay", "--pow", "0");
            var said = JsonNode.Parse(await process.SaysAsync("{"))!;
            keys[run] = said["publicKey"]!.GetValue<string>();
            Assert.Equal(Path.Combine(_home.Path, "relay", "relay.db"), said["store"]!.GetValue<string>());
            var information = await InformationAsync(said["information"]!.GetValue<string>());
            Assert.Equal("Test relay", information["name"]!.GetValue<string>());
            Assert.True(NostrIdentifier.TryParse(keys[run], out var own, out _));
            Assert.Equal(Assert.IsType<PublicKeyIdentifier>(own).Key.ToString(), information["self"]!.GetValue<string>());
            var url = new Uri(said["url"]!.GetValue<string>());
            Assert.Equal(run == 0 ? $"""["OK","{note.Id}",true,""]""" : $"""["OK","{note.Id}",true,"duplicate: already have this event"]""", await PublishAsync(url, note));
            Assert.Equal(0, await process.EndAsync(Signals.Terminate));
        }

        Assert.Equal(keys[0], keys[1]);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_home.Path, "relay", "relay.key")));
    }

    [Fact]
    public async Task To_people_it_talks_on_stderr_and_Ctrl_C_is_130()
    {
        await using var process = RelayProcess.Start(_home, "--listen", "127.0.0.1:0", "--db", Path.Combine(_home.Path, "other.db"));
        Assert.Contains("key npub1", await process.SaysAsync("Relay at ws://127.0.0.1:"), StringComparison.Ordinal);
        _ = await process.SaysAsync("curl -H 'Accept: application/nostr+json' http://127.0.0.1:");
        Assert.Equal(130, await process.EndAsync(Signals.Interrupt));
        Assert.Equal("", process.Data);
        Assert.True(File.Exists(Path.Combine(_home.Path, "other.db")));
    }

    [Fact]
    public async Task Keys_and_addresses_it_is_given_are_what_it_enforces()
    {
        using var allowed = NostrKey.Create();
        using var stranger = NostrKey.Create();
        await using var process = RelayProcess.Start(_home, "--json", "--listen", "127.0.0.1:0", "--allow", new PublicKeyIdentifier(allowed.PublicKey).ToString(), "--public-url", "wss://relay.example.org");
        var said = JsonNode.Parse(await process.SaysAsync("{"))!;
        Assert.Equal("wss://relay.example.org", said["url"]!.GetValue<string>());
        var address = said["information"]!.GetValue<string>();
        Assert.True((await InformationAsync(address))["limitation"]!["restricted_writes"]!.GetValue<bool>());
        var url = new UriBuilder(address) { Scheme = "ws" }.Uri;
        Assert.Contains(",true,", await PublishAsync(url, allowed.Sign(1, "mine", [], DateTimeOffset.UtcNow)), StringComparison.Ordinal);
        Assert.Contains(",false,\"auth-required: ", await PublishAsync(url, stranger.Sign(1, "not mine", [], DateTimeOffset.UtcNow)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_taken_port_is_named_with_another_to_try()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        (await _home.RunAsync("relay", "--listen", $"127.0.0.1:{port}")).AssertFailed(1, $"Something else listens on 127.0.0.1:{port}", $"bowline relay --listen 127.0.0.1:");
    }

    [Theory]
    [InlineData("A password does not belong on the command line", "--db", "postgres://relay:secret@127.0.0.1/relay")]
    [InlineData("neither a file nor an address", "--db", "mysql://relay:secret@127.0.0.1/relay")]
    [InlineData("neither a file nor an address", "--db", "postgres://relay@127.0.0.1")]
    [InlineData("names no server", "--db", "postgres:///relay")]
    [InlineData("names a folder of sockets", "--db", "postgres:///relay?host=relative")]
    [InlineData("names a folder of sockets", "--db", "postgres://relay@127.0.0.1/relay?password=secret")]
    [InlineData("--allow: That is no public key", "--allow", "npub1wrong")]
    [InlineData("--allow: That is no public key", "--allow", "0123")]
    [InlineData("--allow: That names something else", "--allow", "note1fntxtkcy9pjwucqwa9mddn7v03wwwsu9j330jj350nvhpky2tuaspk6nqc")]
    [InlineData("--allow-read: That is no public key", "--allow-read", "me")]
    [InlineData("'https://relay.example.org' is no ws:// or wss:// address", "--public-url", "https://relay.example.org")]
    [InlineData("'proxy' is no IP address", "--trusted-proxy", "proxy")]
    [InlineData("between 0 and 64", "--pow", "65")]
    [InlineData("127.0.0.1:7700", "--listen", "nowhere")]
    public async Task A_value_that_means_nothing_exits_2_and_says_which(string why, params string[] arguments)
    {
        var run = await _home.RunAsync(["relay", .. arguments]);
        run.AssertFailed(2, why, "bowline relay --help");
        Assert.DoesNotContain("secret", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_said()
    {
        var file = Path.Combine(_home.Path, "text.db");
        await File.WriteAllTextAsync(file, new string('x', 5_000), Token);
        (await _home.RunAsync("relay", "--listen", "127.0.0.1:0", "--db", file)).AssertFailed(1, file, "bowline relay --db FILE");
    }

    [Fact]
    public async Task A_database_server_that_is_not_there_exits_3() =>
        (await _home.RunAsync("relay", "--listen", "127.0.0.1:0", "--db", $"postgres:///relay?host={_home.Path}")).AssertFailed(3, "PostgreSQL", "bowline relay --db FILE");

    [Fact]
    public async Task A_key_of_the_relay_that_others_can_read_is_refused_with_the_command_to_run()
    {
        var file = Path.Combine(_home.Path, "relay", "relay.key");
        _ = Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllTextAsync(file, "nsec1", Token);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        (await _home.RunAsync("relay", "--listen", "127.0.0.1:0")).AssertFailed(1, "others may open it", $"chmod 600 {file}");
    }

    private static async Task<JsonNode> InformationAsync(string address)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Accept.ParseAdd("application/nostr+json");
        return JsonNode.Parse(await http.GetStringAsync(new Uri(address), Token))!;
    }

    /// <summary>The first answer after the challenge.</summary>
    private static async Task<string> PublishAsync(Uri url, NostrEvent value)
    {
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(url, Token);
        Assert.StartsWith("""["AUTH",""", await ReceiveAsync(socket), StringComparison.Ordinal);
        await socket.SendAsync(Encoding.UTF8.GetBytes($"""["EVENT",{value}]"""), WebSocketMessageType.Text, endOfMessage: true, Token);
        return await ReceiveAsync(socket);
    }

    private static async Task<string> ReceiveAsync(ClientWebSocket socket)
    {
        var buffer = new byte[4096];
        var result = await socket.ReceiveAsync(buffer, Token);
        Assert.True(result.EndOfMessage);
        return Encoding.UTF8.GetString(buffer, 0, result.Count);
    }
}
