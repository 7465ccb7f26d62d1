using System.Text.Json.Nodes;
using Bowline.Cli.Tests.Support;
using Bowline.Nostr;
using Bowline.Testing.Processes;

namespace Bowline.Cli.Tests.Events;

/// <summary><c>event publish</c>, <c>query</c> and <c>watch</c> with a real <c>bowline relay</c>.</summary>
public sealed class EventRelayTests : IDisposable
{
    private const string Nowhere = "ws://127.0.0.1:1";
    private readonly CliHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task What_is_published_is_watched_found_verified_and_published_again()
    {
        await using var relay = RelayProcess.Start(_home, "--json", "--listen", "127.0.0.1:0");
        var url = JsonNode.Parse(await relay.SaysAsync("{"))!["url"]!.GetValue<string>();
        Assert.Equal(0, (await _home.RunAsync("key", "new")).ExitCode);
        await using var watch = RelayProcess.StartCommand(_home, "event", "watch", "--relay", url, "--tag", "t=bowline");
        _ = await watch.SaysAsync("Watching ");

        var published = await _home.RunAsync("event", "publish", "good morning", "--tag", "t=bowline", "--relay", url);
        Assert.True(published.ExitCode == 0, published.Error);
        var id = published.Out.Trim();
        Assert.Contains("accepted", published.Error, StringComparison.Ordinal);
        Assert.Equal(id, JsonNode.Parse(await watch.SaysAsync(id))!["id"]!.GetValue<string>());
        Assert.Equal(130, await watch.EndAsync(Signals.Interrupt));

        var found = await _home.RunAsync("event", "query", "--tag", "t=bowline", "--since", "1h", "--kind", "1", "--relay", url);
        Assert.Equal(0, found.ExitCode);
        var value = JsonNode.Parse(found.Out)!;
        Assert.Equal((id, "good morning"), (value["id"]!.GetValue<string>(), value["content"]!.GetValue<string>()));
        Assert.Equal($"valid {id}\n", (await _home.RunWithInputAsync(found.Out, "event", "verify")).Out);
        Assert.Equal("", (await _home.RunAsync("event", "query", "--tag", "t=other", "--relay", url)).Out);

        var again = JsonNode.Parse((await _home.RunWithInputAsync(found.Out, "event", "publish", "--json", "--relay", url)).Out)!;
        Assert.True(again["accepted"]!.GetValue<bool>());
        Assert.Equal("Duplicate", again["relays"]![0]!["reason"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_refusal_says_why_and_exits_4()
    {
        using var allowed = NostrKey.Create();
        await using var relay = RelayProcess.Start(_home, "--json", "--listen", "127.0.0.1:0", "--allow", allowed.PublicKey.ToString());
        var url = JsonNode.Parse(await relay.SaysAsync("{"))!["url"]!.GetValue<string>();
        Assert.Equal(0, (await _home.RunAsync("key", "new")).ExitCode);
        var refused = await _home.RunAsync("event", "publish", "hello", "--relay", url);
        Assert.Equal(4, refused.ExitCode);
        Assert.Contains("refused: ", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_relay_that_is_not_there_exits_3()
    {
        Assert.Equal(0, (await _home.RunAsync("key", "new")).ExitCode);
        var published = await _home.RunAsync("event", "publish", "hello", "--relay", Nowhere);
        Assert.Equal(3, published.ExitCode);
        Assert.Contains("not reached", published.Error, StringComparison.Ordinal);
        (await _home.RunAsync("event", "query", "--kind", "1", "--relay", Nowhere)).AssertFailed(3, "cannot be reached", "bowline relay");
    }

    [Fact]
    public async Task A_line_that_is_no_event_is_not_sent()
    {
        var run = await _home.RunWithInputAsync("{\"id\":\"zz\"}\n", "event", "publish", "--relay", Nowhere);
        Assert.Equal((1, ""), (run.ExitCode, run.Out));
        Assert.Contains("line 1: not sent, id must be 64 lower-case hex digits", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no ws:// or wss:// address", "query", "--relay", "http://127.0.0.1")]
    [InlineData("is no time", "query", "--since", "yesterday-ish")]
    [InlineData("kinds are 0 to 65535", "query", "--kind", "70000")]
    [InlineData("no condition on a tag", "query", "--tag", "topic=x")]
    [InlineData("is no id", "watch", "--id", "zz")]
    [InlineData("no public key", "watch", "--author", "zz")]
    [InlineData("--kind is between 0 and 65535", "publish", "x", "--kind", "70000")]
    [InlineData("is no tag", "publish", "x", "--tag", "nothing")]
    public async Task Bad_words_exit_2(string why, params string[] arguments) =>
        (await _home.RunAsync(["event", .. arguments])).AssertFailed(2, why, "bowline event");

    [Fact]
    public async Task Without_a_key_the_command_that_makes_one_is_named() =>
        (await _home.RunAsync("event", "publish", "hello", "--relay", Nowhere)).AssertFailed(1, "does not exist", "bowline key new");
}
