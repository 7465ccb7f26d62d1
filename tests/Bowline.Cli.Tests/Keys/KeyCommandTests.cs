using System.Text.Json.Nodes;
using Bowline.Cli.Tests.Support;
using Bowline.Nostr;

namespace Bowline.Cli.Tests.Keys;

public sealed class KeyCommandTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly CliHome _home = new();

    private string DefaultFile => Path.Combine(_home.Path, "nostr.key");

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task A_new_key_is_in_a_file_for_its_owner_and_its_public_half_on_stdout()
    {
        var made = await _home.RunAsync("key", "new");
        Assert.Equal(0, made.ExitCode);
        Assert.Matches("^npub1[a-z0-9]{58}\n$", made.Out);
        Assert.Contains(DefaultFile, made.Error, StringComparison.Ordinal);
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(DefaultFile));
        var secret = (await File.ReadAllTextAsync(DefaultFile)).Trim();
        Assert.DoesNotContain(secret, made.Out + made.Error, StringComparison.Ordinal);
        Assert.True(SecretKeyText.TryParse(secret, out var key, out _));
        using (key)
        {
            Assert.Equal(new PublicKeyIdentifier(key.PublicKey).ToString(), made.Out.Trim());
        }

        var shown = await _home.RunAsync("key", "show");
        Assert.Equal(new CliRun(0, made.Out, ""), shown);
    }

    [Fact]
    public async Task The_secret_is_printed_only_when_asked_for()
    {
        var file = Path.Combine(_home.Path, "keys", "agent.key");
        var made = await _home.RunAsync("key", "new", file, "--json");
        Assert.Equal(0, made.ExitCode);
        var json = JsonNode.Parse(made.Out)!.AsObject();
        Assert.Equal(["file", "npub", "publicKey"], json.Select(static pair => pair.Key).Order(StringComparer.Ordinal));
        Assert.Equal(file, json["file"]!.GetValue<string>());
        var secret = (await File.ReadAllTextAsync(file)).Trim();
        Assert.DoesNotContain(secret, made.Out + made.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, (await _home.RunAsync("key", "show", file, "--json")).Out, StringComparison.Ordinal);
        Assert.Equal(secret, JsonNode.Parse((await _home.RunAsync("key", "show", file, "--secret", "--json")).Out)!["nsec"]!.GetValue<string>());
        Assert.Equal($"{json["npub"]}\n{secret}\n", (await _home.RunAsync("key", "show", file, "--secret")).Out);
    }

    [Fact]
    public async Task Hex_is_a_key_too()
    {
        // The secret number 3, whose public key is in the test vectors of BIP-340.
        Write(DefaultFile, new string('0', 63) + "3", OwnerOnly);
        Assert.Equal(
            "f9308a019258c31049344f85f89d5229b531c845836f99b08601f113bce036f9",
            JsonNode.Parse((await _home.RunAsync("key", "show", "--json")).Out)!["publicKey"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_key_that_is_there_is_never_overwritten()
    {
        Write(DefaultFile, "mine", OwnerOnly);
        (await _home.RunAsync("key", "new")).AssertFailed(1, $"{DefaultFile} is there already", $"bowline key show {DefaultFile}");
        Assert.Equal("mine", await File.ReadAllTextAsync(DefaultFile));
    }

    [Fact]
    public async Task A_key_that_is_not_there_is_said() => (await _home.RunAsync("key", "show")).AssertFailed(1, $"{DefaultFile} does not exist", "bowline key new");

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.OtherWrite)]
    public async Task A_key_that_others_may_open_is_refused_with_the_command_to_run(UnixFileMode more)
    {
        Write(DefaultFile, new string('0', 63) + "3", OwnerOnly | more);
        (await _home.RunAsync("key", "show")).AssertFailed(1, "others may open it", $"chmod 600 {DefaultFile}");
    }

    [Theory]
    [InlineData("not-a-key-at-all-4711", "This is neither")]
    [InlineData("npub10elfcs4fr0l0r8af98jlmgdh9c8tcxjvz9qkw038js35mp4dma8qzvjptg", "public key (npub)")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000", "no secret key")]
    [InlineData("", "This is neither")]
    public async Task A_file_that_holds_no_key_is_refused_without_showing_what_it_holds(string text, string why)
    {
        Write(DefaultFile, text, OwnerOnly);
        var run = await _home.RunAsync("key", "show", "--secret");
        run.AssertFailed(1, why, "bowline key new FILE");
        Assert.True(text.Length == 0 || !run.Error.Contains(text, StringComparison.Ordinal), run.Error);
    }

    [Fact]
    public async Task Without_new_or_show_it_names_the_help() => (await _home.RunAsync("key")).AssertFailed(2, "command was not provided", "bowline key --help");

    private static void Write(string path, string text, UnixFileMode mode)
    {
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, mode);
    }
}
