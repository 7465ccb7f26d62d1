using System.Text;
using System.Text.Json.Nodes;
using Bowline.Node.Endpoints;
using Bowline.Testing.Tunnel;

namespace Bowline.Node.Tests.Endpoints;

public sealed class NodeHandlerTests
{
    private int _shutDowns;

    [Fact]
    public async Task Status_tells_what_a_probe_wants_to_know()
    {
        var (status, body) = await AskAsync("GET", "/api/links/status?x=1");
        Assert.Equal(200, status);
        var report = JsonNode.Parse(body)!;
        Assert.Equal("desk", report["hostname"]!.GetValue<string>());
        Assert.Equal("web", report["services"]![0]!["name"]!.GetValue<string>());
        Assert.Equal("[]", report["agents"]!.ToJsonString());
        Assert.NotNull(report["startedAt"]);
    }

    [Fact]
    public async Task Shutdown_is_answered_before_it_happens()
    {
        var (status, _) = await AskAsync("POST", "/api/links/control", """{"action":"shutdown"}""");
        Assert.Equal(202, status);
        Assert.Equal(1, _shutDowns);
    }

    [Theory]
    [InlineData("""{"action":"reboot"}""")]
    [InlineData("""{"action":""")]
    [InlineData("")]
    [InlineData("[]")]
    public async Task Other_control_messages_are_refused(string body)
    {
        var (status, answer) = await AskAsync("POST", "/api/links/control", body);
        Assert.Equal(400, status);
        Assert.Contains("urn:bowline:node:", answer, StringComparison.Ordinal);
        Assert.Equal(0, _shutDowns);
    }

    [Theory]
    [InlineData("POST", "/api/links/work", 501)]
    [InlineData("POST", "/api/links/status", 405)]
    [InlineData("GET", "/etc/passwd", 404)]
    public async Task Everything_else_is_a_problem_detail(string method, string path, int expected)
    {
        var (status, answer) = await AskAsync(method, path);
        Assert.Equal(expected, status);
        Assert.Equal(expected, JsonNode.Parse(answer)!["status"]!.GetValue<int>());
    }

    private async Task<(int Status, string Body)> AskAsync(string method, string path, string body = "")
    {
        var handler = new NodeHandler(
            () => new StatusReport("desk", ["tunnel.v2"], "1.0", "id", [new ServiceReport("web", "owner")], [], DateTimeOffset.UnixEpoch),
            () => _shutDowns++);
        using var exchange = new TestExchange(method, path) { BodyLength = body.Length };
        await exchange.Upload.WriteAsync(Encoding.UTF8.GetBytes(body));
        await exchange.Upload.CompleteAsync();
        await exchange.RunAsync(handler);
        var head = await exchange.Head;
        using var reader = new StreamReader(exchange.Download);
        return (head.Status, await reader.ReadToEndAsync());
    }
}
