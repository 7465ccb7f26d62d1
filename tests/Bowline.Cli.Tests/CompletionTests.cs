using System.Diagnostics;
using Bowline.Cli.Tests.Support;

namespace Bowline.Cli.Tests;

public sealed class CompletionTests : IDisposable
{
    private readonly CliHome _home = new();

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData("bowline sta", 1, "status")]
    [InlineData("bowline node l", 2, "leave")]
    [InlineData("bowline hub inv", 2, "invite")]
    [InlineData("bowline completion f", 2, "fish")]
    [InlineData("bowline expose 3000 --ins", 3, "--inspect")]
    [InlineData("bowline links --hub http://x --js", 4, "--json")]
    public async Task Bash_completes_commands_values_and_options(string line, int word, string expected)
    {
        var script = (await _home.RunAsync("completion", "bash")).Out;
        var words = string.Join(' ', line.Split(' ').Select(text => $"'{text}'"));
        var answer = await ShellAsync("bash", $"{script}\nCOMP_WORDS=({words})\nCOMP_CWORD={word}\n_bowline\nprintf '%s\\n' \"${{COMPREPLY[@]}}\"\n");
        Assert.Equal(expected, answer.Trim());
    }

    [Fact]
    public async Task Zsh_and_fish_scripts_name_every_command_and_balance_their_quotes()
    {
        foreach (var shell in new[] { "zsh", "fish" })
        {
            var script = (await _home.RunAsync("completion", shell)).Out;
            foreach (var command in new[] { "up", "hub", "node", "expose", "links", "status", "ping", "doctor", "completion", "join", "invite", "leave" })
            {
                Assert.Contains(command, script, StringComparison.Ordinal);
            }

            var quotes = script.Replace("'\\''", string.Empty, StringComparison.Ordinal).Replace("\\'", string.Empty, StringComparison.Ordinal).Count(c => c == '\'');
            Assert.True(quotes % 2 == 0, $"{shell}: {quotes} quotes");
        }
    }

    private static async Task<string> ShellAsync(string shell, string script)
    {
        var start = new ProcessStartInfo(shell, ["--norc", "--noprofile", "-s"]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(script);
        process.StandardInput.Close();
        var output = await process.StandardOutput.ReadToEndAsync();
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(string.Empty, error);
        return output;
    }
}
