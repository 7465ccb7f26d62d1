using System.Globalization;
using Bowline.EndToEnd.Tests.Support;
using Bowline.Testing.Processes;

namespace Bowline.EndToEnd.Tests.Data;

/// <summary>nats-server dies, or the node freezes, in the middle of a transfer: all of it arrives, or the caller is told that it did not.</summary>
public sealed class BrokenCarrierTests
{
    private const long Size = 64L << 20;
    private const long Middle = Size / 2;

    // A peer that is gone is noticed after a quiet keepalive interval and three that were missed, of 10 s each, at the latest.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_download_survives_the_death_of_nats_server_or_ends_with_a_fault(bool announced)
    {
        await using var link = await LinkedNode.StartAsync(Token);
        await using var data = await ExposedData.StartAsync(link.Node.Home, Token);
        var (received, fault) = await Download.RunAsync(link.Http, Bytes(announced), Middle, () => KillNatsAsync(link), Token).WaitAsync(Limit, Token);
        Assert.True(fault is not null || received == Size, $"Silently short: {received} of {Size} bytes.");
        TestContext.Current.TestOutputHelper?.WriteLine($"received {received}, fault: {fault?.Message}");
        await link.ServesAsync(LinkedNode.Patience, Token);
    }

    [Fact]
    public async Task An_upload_survives_the_death_of_nats_server_or_ends_with_a_fault()
    {
        await using var link = await LinkedNode.StartAsync(Token);
        await using var data = await ExposedData.StartAsync(link.Node.Home, Token);
        var killed = false;
        using var content = new PatternContent(async written =>
        {
            if (!killed && written >= Middle)
            {
                killed = true;
                await KillNatsAsync(link);
            }

            return written < Size;
        });
        var answer = await UploadAsync(link.Http, content).WaitAsync(Limit, Token);
        var seen = await data.Service.Upload.Task.WaitAsync(Limit, Token);
        TestContext.Current.TestOutputHelper?.WriteLine($"answer {answer}, seen {seen}");
        Assert.True(!seen.Complete || seen.Received == Size, $"The service took {seen.Received} of {Size} bytes for the whole.");
        Assert.True(answer is null || answer == Size.ToString(CultureInfo.InvariantCulture), $"The caller was told: {answer}");
        await link.ServesAsync(LinkedNode.Patience, Token);
    }

    [Fact]
    public async Task A_download_survives_a_freeze_of_the_node_or_ends_with_a_fault()
    {
        await using var link = await LinkedNode.StartAsync(Token);
        await using var data = await ExposedData.StartAsync(link.Node.Home, Token);
        var (received, fault) = await Download.RunAsync(link.Http, Bytes(announced: false), Middle, async () =>
        {
            link.Node.Freeze();
            await link.Watch.WaitAsync("unknown", LinkedNode.Patience, Token);
            link.Node.Thaw();
        }, Token).WaitAsync(Limit, Token);
        Assert.True(fault is not null || received == Size, $"Silently short: {received} of {Size} bytes.");
        TestContext.Current.TestOutputHelper?.WriteLine($"received {received}, fault: {fault?.Message}");
        await link.ServesAsync(LinkedNode.Patience, Token);
    }

    private static string Bytes(bool announced) => $"t/{LinkedNode.Name}/{ExposedData.Name}/bytes/{Size}?announced={announced}";

    private static async Task KillNatsAsync(LinkedNode link)
    {
        var id = link.Hub.NatsServerId();
        Signals.Send(id, Signals.Kill);
        await link.Hub.Process.WaitForLineAsync(line => line.Contains("nats-server exited", StringComparison.Ordinal), LinkedNode.Patience, Token);
    }

    /// <summary>The service's answer; null when the caller got a fault or a problem instead.</summary>
    private static async Task<string?> UploadAsync(HttpClient http, HttpContent content)
    {
        try
        {
            using var response = await http.PostAsync($"t/{LinkedNode.Name}/{ExposedData.Name}/upload", content, Token);
            if (response.IsSuccessStatusCode)
            {
                return await response.Content.ReadAsStringAsync(Token);
            }

            Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
            TestContext.Current.TestOutputHelper?.WriteLine(await response.Content.ReadAsStringAsync(Token));
            return null;
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException)
        {
            TestContext.Current.TestOutputHelper?.WriteLine(fault.Message);
            return null;
        }
    }
}
