using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Bowline.EndToEnd.Tests.Support;
using Bowline.Testing.Processes;

namespace Bowline.EndToEnd.Tests.Commands;

/// <summary>A real <c>bowline expose --http2</c>, asked through the hub.</summary>
public sealed class ExposeHttp2Tests(RunningLink running) : IClassFixture<RunningLink>
{
    private const long Size = 16L << 20;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private LinkedNode Link => running.Link;

    [Fact]
    public async Task A_large_echo_flows_in_both_directions_at_once()
    {
        await using var service = await EchoService.StartAsync(Token);
        await using var expose = await ExposeAsync(service.Url, "echo", "--http2");
        await using var request = await DuplexRequest.PostAsync(new Uri(Link.Hub.Url, $"t/{LinkedNode.Name}/echo/"), Link.Hub.Token, Token);
        Assert.StartsWith("HTTP/1.1 200", await request.HeadAsync(Token).WaitAsync(Limit, Token), StringComparison.Ordinal);

        // The first piece is back before the second is sent: neither side waits for the other's end.
        await WriteAsync(request, 0);
        await ReadAsync(request, 0, PatternContent.Chunk).WaitAsync(Limit, Token);
        var writing = WriteAllAsync(request);
        await ReadAsync(request, PatternContent.Chunk, Size).WaitAsync(Limit, Token);
        await writing;
        Assert.Equal(0, await request.ReadAsync(new byte[1], Token).WaitAsync(Limit, Token));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_certificate_that_does_not_match_is_a_typed_problem(bool http2)
    {
        await using var service = await EchoService.StartMisnamedAsync(Token);
        await using var expose = await ExposeAsync(service.Url, "tls", http2 ? ["--http2"] : []);
        using var response = await Link.Http.GetAsync($"t/{LinkedNode.Name}/tls/", Token);
        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = (await response.Content.ReadFromJsonAsync<JsonNode>(Token))!;
        Assert.Equal("urn:bowline:forward:certificate_rejected", problem["type"]!.GetValue<string>());
        Assert.DoesNotContain(service.Url.Authority, problem.ToJsonString(), StringComparison.Ordinal);
    }

    private async Task<TestProcess> ExposeAsync(Uri target, string name, params string[] options)
    {
        var expose = BowlineProgram.StartInOwnGroup(Link.Node.Home, ["expose", target.ToString(), "--name", name, .. options]);
        await expose.WaitForLineAsync(line => line.Contains("forwards to", StringComparison.Ordinal), LinkedNode.Patience, Token);
        return expose;
    }

    private static async Task WriteAllAsync(DuplexRequest request)
    {
        for (var written = (long)PatternContent.Chunk; written < Size; written += PatternContent.Chunk)
        {
            await WriteAsync(request, written);
        }

        await request.EndAsync();
    }

    private static async Task WriteAsync(DuplexRequest request, long at)
    {
        var chunk = new byte[PatternContent.Chunk];
        Pattern.Fill(chunk, at);
        await request.WriteAsync(chunk);
    }

    private static async Task ReadAsync(DuplexRequest request, long from, long to)
    {
        var buffer = new byte[PatternContent.Chunk];
        while (from < to)
        {
            var read = await request.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, to - from)), Token);
            Assert.True(read > 0, $"The answer ended at {from}.");
            Assert.True(Pattern.Matches(buffer.AsSpan(0, read), from), $"Wrong bytes at {from}.");
            from += read;
        }
    }
}
