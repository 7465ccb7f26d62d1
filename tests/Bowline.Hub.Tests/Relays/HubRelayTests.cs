using System.Net;
using System.Net.WebSockets;
using System.Text;
using Bowline.Hub.Tests.Support;
using Bowline.Nostr;

namespace Bowline.Hub.Tests.Relays;

public sealed class HubRelayTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_tells_pages_of_every_origin_what_it_is()
    {
        await using var hub = await HubFixture.StartAsync();
        using var request = Information();
        request.Headers.Add("Origin", "https://elsewhere.example");
        using var response = await hub.Http.SendAsync(request, Token);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/nostr+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("*", Assert.Single(response.Headers.GetValues("Access-Control-Allow-Origin")));
        Assert.Equal("test hub (Bowline)", (await HubFixture.JsonAsync(response)).GetProperty("name").GetString());
    }

    [Fact]
    public async Task It_keeps_events_in_the_hubs_folder_whoever_brings_them()
    {
        await using var hub = await HubFixture.StartAsync();
        using var key = NostrKey.Create();
        var note = key.Sign(1, "hello", [], DateTimeOffset.UtcNow);
        using var socket = await ConnectAsync(hub, static options => options.SetRequestHeader("Origin", "https://elsewhere.example"));
        Assert.StartsWith("""["AUTH",""", await ReceiveAsync(socket), StringComparison.Ordinal);
        await SendAsync(socket, $"""["EVENT",{note}]""");
        Assert.Equal($"""["OK","{note.Id}",true,""]""", await ReceiveAsync(socket));
        await SendAsync(socket, """["REQ","s",{}]""");
        Assert.Equal($"""["EVENT","s",{note}]""", await ReceiveAsync(socket));
        Assert.Equal("""["EOSE","s"]""", await ReceiveAsync(socket));
        Assert.True(File.Exists(Path.Combine(hub.Folder, "relay.db")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(hub.Folder, "keys", "relay.key")));
    }

    [Fact]
    public async Task Authentication_is_for_the_hubs_public_name()
    {
        await using var hub = await HubFixture.StartAsync(static options => options.PublicUrl = new Uri("https://hub.example.org"));
        using var key = NostrKey.Create();
        using var socket = await ConnectAsync(hub, static options => options.SetRequestHeader("Host", "hub.example.org"));
        var challenge = System.Text.Json.Nodes.JsonNode.Parse(await ReceiveAsync(socket))![1]!.GetValue<string>();
        var wrong = AuthEvent.Create(key, new Uri("wss://evil.example/relay"), challenge, DateTimeOffset.UtcNow);
        await SendAsync(socket, $"""["AUTH",{wrong}]""");
        Assert.StartsWith($"""["OK","{wrong.Id}",false,"invalid: """, await ReceiveAsync(socket), StringComparison.Ordinal);
        var right = AuthEvent.Create(key, new Uri("wss://hub.example.org/relay"), challenge, DateTimeOffset.UtcNow);
        await SendAsync(socket, $"""["AUTH",{right}]""");
        Assert.Equal($"""["OK","{right.Id}",true,""]""", await ReceiveAsync(socket));
    }

    [Fact]
    public async Task Without_a_relay_the_path_is_not_there()
    {
        await using var hub = await HubFixture.StartAsync(static options => options.Relay = false);
        using var request = Information();
        using var response = await hub.Http.SendAsync(request, Token);
        await HubFixture.IsProblemAsync(response, 404, "not_found");
        Assert.False(File.Exists(Path.Combine(hub.Folder, "relay.db")));
        Assert.Equal(HttpStatusCode.NotFound, await RefusedAsync(hub, static _ => { }));
    }

    [Fact]
    public async Task Under_a_name_that_is_not_the_hubs_it_does_not_answer()
    {
        await using var hub = await HubFixture.StartAsync();
        using var request = Information();
        request.Headers.Host = "evil.example";
        using var response = await hub.Http.SendAsync(request, Token);
        Assert.Equal(HttpStatusCode.MisdirectedRequest, response.StatusCode);
        Assert.Equal(HttpStatusCode.MisdirectedRequest, await RefusedAsync(hub, static options => options.SetRequestHeader("Host", "evil.example")));
    }

    [Theory]
    [InlineData("/relay/")]
    [InlineData("/relay/x")]
    [InlineData("/relays")]
    public async Task Only_the_path_itself_is_before_the_consoles_guards(string path)
    {
        await using var hub = await HubFixture.StartAsync();
        using var request = Information(path);
        using var response = await hub.Http.SendAsync(request, Token);
        await HubFixture.IsProblemAsync(response, 404, "not_found");
    }

    [Fact]
    public async Task The_content_port_has_no_relay()
    {
        await using var hub = await HubFixture.StartAsync();
        using var request = Information();
        request.RequestUri = new Uri(hub.App.ContentUrl, "/relay");
        using var response = await hub.Http.SendAsync(request, Token);
        Assert.NotEqual(HttpStatusCode.OK, response.StatusCode);
    }

    private static HttpRequestMessage Information(string path = "/relay")
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd("application/nostr+json");
        return request;
    }

    private static async Task<ClientWebSocket> ConnectAsync(HubFixture hub, Action<ClientWebSocketOptions> configure)
    {
        var socket = new ClientWebSocket();
        configure(socket.Options);
        await socket.ConnectAsync(Address(hub), Token);
        return socket;
    }

    private static async Task<HttpStatusCode> RefusedAsync(HubFixture hub, Action<ClientWebSocketOptions> configure)
    {
        using var socket = new ClientWebSocket();
        configure(socket.Options);
        socket.Options.CollectHttpResponseDetails = true;
        _ = await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(Address(hub), Token));
        return socket.HttpStatusCode;
    }

    private static Uri Address(HubFixture hub) => new($"ws://{hub.App.Url.Authority}/relay");

    private static Task SendAsync(ClientWebSocket socket, string text) => socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, Token);

    private static async Task<string> ReceiveAsync(ClientWebSocket socket)
    {
        var buffer = new byte[4096];
        var result = await socket.ReceiveAsync(buffer, Token);
        Assert.True(result.EndOfMessage);
        return Encoding.UTF8.GetString(buffer, 0, result.Count);
    }
}
