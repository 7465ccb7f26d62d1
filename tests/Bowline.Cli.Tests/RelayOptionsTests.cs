using System.Text.Json.Nodes;
using Bowline.Cli.Tests.Support;
using Bowline.Testing.Processes;

namespace Bowline.Cli.Tests;

public sealed class RelayOptionsTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private readonly CliHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Rates_connections_and_search_are_what_the_options_say()
    {
        var said = await InformationAsync("--events-per-second", "7", "--requests-per-second", "0", "--connections-per-address", "3", "--search");
        var limits = said["bowline"]!["limits"]!;
        Assert.Equal("""{"per_second":7,"burst":35}""", limits["events_per_connection"]!.ToJsonString());
        Assert.Equal("""{"per_second":28,"burst":140}""", limits["events_per_address"]!.ToJsonString());
        Assert.Null(limits["requests_per_connection"]);
        Assert.Null(limits["requests_per_address"]);
        Assert.Equal(3, (int)limits["connections_per_address"]!);
        Assert.Contains(said["supported_nips"]!.AsArray(), static nip => (int)nip! == 50);
    }

    [Fact]
    public async Task Without_them_they_are_the_relays_defaults_and_nothing_is_searched()
    {
        var said = await InformationAsync();
        var limits = said["bowline"]!["limits"]!;
        Assert.Equal("""{"per_second":100,"burst":500}""", limits["events_per_connection"]!.ToJsonString());
        Assert.Equal("""{"per_second":400,"burst":2000}""", limits["events_per_address"]!.ToJsonString());
        Assert.Equal("""{"per_second":50,"burst":250}""", limits["requests_per_connection"]!.ToJsonString());
        Assert.Equal("""{"per_second":200,"burst":1000}""", limits["requests_per_address"]!.ToJsonString());
        Assert.Equal(128, (int)limits["connections_per_address"]!);
        Assert.DoesNotContain(said["supported_nips"]!.AsArray(), static nip => (int)nip! == 50);
    }

    [Theory]
    [InlineData("--events-per-second", "-1", "between 0 and 250,000")]
    [InlineData("--requests-per-second", "250001", "between 0 and 250,000")]
    [InlineData("--connections-per-address", "0", "ConnectionsPerAddress")]
    public async Task A_limit_that_cannot_be_is_refused(string option, string value, string why)
        => (await _home.RunAsync("relay", option, value)).AssertFailed(2, why, "bowline relay --help");

    /// <summary>What a relay with these options says about itself (NIP-11).</summary>
    private async Task<JsonNode> InformationAsync(params string[] options)
    {
        await using var process = TestProcess.Start(
            CliRun.Executable,
            ["relay", "--json", "--listen", "127.0.0.1:0", .. options],
            new Dictionary<string, string?>(StringComparer.Ordinal) { ["BOWLINE_HOME"] = _home.Path });
        var ready = JsonNode.Parse(await process.WaitForLineAsync(static line => line.StartsWith('{'), Limit))!;
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Add("Accept", "application/nostr+json");
        var said = JsonNode.Parse(await http.GetStringAsync(new Uri((string)ready["information"]!), TestContext.Current.CancellationToken))!;
        process.Signal(Signals.Terminate);
        await process.WaitForExitAsync(Limit);
        return said;
    }
}
