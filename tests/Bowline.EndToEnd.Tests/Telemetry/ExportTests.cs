using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using Bowline.EndToEnd.Tests.Support;
using Bowline.Testing.Processes;

namespace Bowline.EndToEnd.Tests.Telemetry;

/// <summary>What real processes export, and that they export nothing unasked.</summary>
public sealed class ExportTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_trace_leads_from_the_caller_through_hub_and_node_to_the_service()
    {
        await using var collector = await OtlpCollector.StartAsync(Token);
        await using var link = await LinkedNode.StartAsync(Token, proxied: false, "--otlp", collector.Url);
        await link.RestartAsync(Token, "--otlp", collector.Url);
        await using var data = await ExposedData.StartAsync(link.Node.Home, Token);
        var (trace, caller) = (ActivityTraceId.CreateRandom().ToHexString(), ActivitySpanId.CreateRandom().ToHexString());
        using var request = new HttpRequestMessage(HttpMethod.Get, $"t/{LinkedNode.Name}/{ExposedData.Name}/header/traceparent") { Headers = { { "traceparent", $"00-{trace}-{caller}-01" } } };
        using var response = await link.Http.SendAsync(request, Token);
        var atService = ActivityContext.Parse(await response.Content.ReadAsStringAsync(Token), null);
        await EndAsync(link.Node.Process);
        await EndAsync(link.Hub.Process);

        var spans = collector.Spans.Where(span => span.TraceId == trace).ToList();
        var entry = Assert.Single(spans, span => span is { Service: "bowline-hub", Scope: "Microsoft.AspNetCore" });
        var client = Assert.Single(spans, span => span is { Service: "bowline-hub", Scope: "Bowline.Tunnel" });
        var server = Assert.Single(spans, span => span is { Service: "bowline-node", Scope: "Bowline.Tunnel" });
        Assert.Equal(caller, entry.ParentId);
        Assert.Equal(entry.SpanId, client.ParentId);
        Assert.Equal(client.SpanId, server.ParentId);
        Assert.Equal(trace, atService.TraceId.ToHexString());
        Assert.Equal(server.SpanId, atService.SpanId.ToHexString());

        Assert.Contains(new SeenMetric("bowline-node", "bowline.node.link.state", "{link}"), collector.Metrics);
        Assert.Contains(new SeenMetric("bowline-node", "bowline.node.exchanges", "{exchange}"), collector.Metrics);
        Assert.Contains(new SeenMetric("bowline-node", "bowline.tunnel.server.duration", "s"), collector.Metrics);
        Assert.Contains(new SeenMetric("bowline-hub", "bowline.hub.links", "{link}"), collector.Metrics);
        Assert.Contains(new SeenMetric("bowline-hub", "http.server.request.duration", "s"), collector.Metrics);
    }

    [Fact]
    public async Task A_relay_exports_what_it_counts()
    {
        await using var collector = await OtlpCollector.StartAsync(Token);
        using var home = new HomeFolder();
        await using var relay = BowlineProgram.Start(home.Path, "relay", "--json", "--listen", "127.0.0.1:0", "--otlp", collector.Url);
        var said = JsonNode.Parse(await relay.WaitForLineAsync(static line => line.StartsWith('{'), LinkedNode.Patience, Token))!;
        using (var socket = new ClientWebSocket())
        {
            await socket.ConnectAsync(new Uri(said["url"]!.GetValue<string>()), Token);
            _ = await socket.ReceiveAsync(new byte[1024], Token); // The challenge: it is counted.
        }

        await EndAsync(relay);
        Assert.Contains(new SeenMetric("bowline-relay", "bowline.relay.connections", "{connection}"), collector.Metrics);
    }

    [Fact]
    public async Task Unasked_nothing_of_it_is_even_loaded()
    {
        await using var link = await LinkedNode.StartAsync(Token);
        foreach (var process in new[] { link.Hub.Process, link.Node.Process })
        {
            var maps = await File.ReadAllTextAsync($"/proc/{process.Id}/maps", Token);
            Assert.Contains("Bowline.Node.dll", maps, StringComparison.Ordinal);
            Assert.DoesNotContain("OpenTelemetry", maps, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_collector_that_is_away_holds_up_neither_work_nor_the_end()
    {
        var (nobody, _) = FreePorts.Two();
        await using var link = await LinkedNode.StartAsync(Token, proxied: false, "--otlp", $"http://127.0.0.1:{nobody}");
        var asked = Stopwatch.GetTimestamp();
        await EndAsync(link.Hub.Process);
        var took = Stopwatch.GetElapsedTime(asked);
        Assert.True(took < TimeSpan.FromSeconds(6), $"Stopping took {took}.");
        Assert.DoesNotContain("OpenTelemetry", link.Hub.Process.Output, StringComparison.Ordinal);
    }

    /// <summary>A graceful end sends what was not sent yet.</summary>
    private static async Task EndAsync(TestProcess process)
    {
        process.Signal(Signals.Terminate);
        Assert.Equal(0, await process.WaitForExitAsync(LinkedNode.Patience, Token));
    }
}
