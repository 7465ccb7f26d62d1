using System.Text.Json.Nodes;
using Bowline.Cli.Tests.Support;
using Bowline.Nostr;

namespace Bowline.Cli.Tests.Events;

public sealed class EventVerifyTests : IDisposable
{
    private readonly CliHome _home = new();
    private readonly NostrKey _key = NostrKey.Create();

    public void Dispose()
    {
        _key.Dispose();
        _home.Dispose();
    }

    [Fact]
    public async Task Good_events_are_named_and_exit_0()
    {
        var (a, b) = (Sign("a"), Sign("b \"quoted\" ünï"));
        Assert.Equal(new CliRun(0, $"valid {a.Id}\nvalid {b.Id}\n", "2 valid, 0 invalid\n"), await _home.RunWithInputAsync($"{a}\n\n{b}\n", "event", "verify"));
        var file = Path.Combine(_home.Path, "events.jsonl");
        await File.WriteAllTextAsync(file, $"{a}\n");
        Assert.Equal(new CliRun(0, $"valid {a.Id}\n", "1 valid, 0 invalid\n"), await _home.RunAsync("event", "verify", file));
    }

    [Fact]
    public async Task Every_bad_line_is_told_with_its_reason_and_the_exit_code_is_1()
    {
        var good = Sign("good").ToString();
        var changed = Sign("before").ToString().Replace("before", "after", StringComparison.Ordinal);
        var forged = JsonNode.Parse(Sign("mine").ToString())!;
        forged["sig"] = JsonNode.Parse(good)!["sig"]!.GetValue<string>();
        var run = await _home.RunWithInputAsync(string.Join('\n', good, changed, forged.ToJsonString(), "not JSON", "{}", "[1]"), "event", "verify");
        Assert.Equal((1, "1 valid, 5 invalid\n"), (run.ExitCode, run.Error));
        var lines = run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(6, lines.Length);
        Assert.Equal($"invalid {JsonNode.Parse(changed)!["id"]}: the id is not the hash of the content", lines[1]);
        Assert.Equal($"invalid {forged["id"]}: the signature is not the author's", lines[2]);
        Assert.Matches("^invalid line 4: .+", lines[3]);
        Assert.Matches("^invalid line 5: .+", lines[4]);
        Assert.Matches("^invalid line 6: .+", lines[5]);
    }

    [Fact]
    public async Task With_json_each_verdict_is_an_object()
    {
        var good = Sign("good");
        var run = await _home.RunWithInputAsync($"{good}\nnonsense\n", "event", "verify", "--json");
        Assert.Equal(1, run.ExitCode);
        var lines = run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => JsonNode.Parse(line)!).ToList();
        Assert.Equal((1, good.Id.ToString(), true), (lines[0]["line"]!.GetValue<int>(), lines[0]["id"]!.GetValue<string>(), lines[0]["valid"]!.GetValue<bool>()));
        Assert.Null(lines[0]["problem"]);
        Assert.Equal((2, false), (lines[1]["line"]!.GetValue<int>(), lines[1]["valid"]!.GetValue<bool>()));
        Assert.NotEqual("", lines[1]["problem"]!.GetValue<string>());
        Assert.Null(lines[1]["id"]);
    }

    [Fact]
    public async Task Nothing_to_verify_is_no_success() => Assert.Equal(new CliRun(1, "", "0 valid, 0 invalid\n"), await _home.RunWithInputAsync("", "event", "verify"));

    [Fact]
    public async Task A_file_that_is_not_there_is_said() =>
        (await _home.RunAsync("event", "verify", "/nonexistent/events.jsonl")).AssertFailed(1, "/nonexistent/events.jsonl does not exist", "bowline event verify --help");

    private NostrEvent Sign(string content) => _key.Sign(1, content, [], DateTimeOffset.UtcNow);
}
