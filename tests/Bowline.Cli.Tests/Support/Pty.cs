using System.Text.RegularExpressions;
using Bowline.Testing.Processes;

namespace Bowline.Cli.Tests.Support;

/// <summary>The real executable at a terminal of its own, 80 columns wide, as a person has it.</summary>
internal sealed partial class Pty : IAsyncDisposable
{
    public const int Columns = 80;

    /// <summary>Begins the line that says how the command left the terminal.</summary>
    private const string After = "after: ";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private readonly TestProcess _process;

    private Pty(TestProcess process) => _process = process;

    /// <summary>Everything the terminal was sent, a line per element, escapes and all.</summary>
    public IReadOnlyList<string> Lines => [.. _process.Data.Split('\n').TakeWhile(line => !line.Contains(After, StringComparison.Ordinal)).Select(line => line.TrimEnd('\r'))];

    public string Raw => string.Join('\n', Lines);

    /// <summary>The settings of the terminal afterwards, as <c>stty -a</c> says them.</summary>
    public string Settings => _process.Data[_process.Data.IndexOf(After, StringComparison.Ordinal)..];

    public static Pty Start(string home, IReadOnlyDictionary<string, string?> environment, params string[] arguments)
    {
        var command = string.Join(' ', arguments.Prepend(CliRun.Executable).Select(word => $"\"{word}\""));

        // The shell outlives Ctrl-C, to look at what the command left behind.
        var script = $"trap : INT; stty cols {Columns} rows 24; {command}; code=$?; echo; echo {After}$(stty -a); exit $code";
        var variables = new Dictionary<string, string?>(environment, StringComparer.Ordinal)
        {
            ["BOWLINE_HOME"] = home,
            ["BOWLINE_HUB"] = null,
            ["BOWLINE_TOKEN_FILE"] = null,
            ["TERM"] = "xterm-256color",
            ["SHELL"] = "/bin/sh",
        };
        variables.TryAdd("NO_COLOR", null);
        return new Pty(TestProcess.Start("script", ["-qec", script, "/dev/null"], variables, ownGroup: true));
    }

    public Task<string> SeesAsync(string text) => _process.WaitForLineAsync(line => line.Contains(text, StringComparison.Ordinal), Limit, TestContext.Current.CancellationToken);

    public Task AnswerAsync(string line) => _process.WriteLineAsync(line);

    /// <summary>Presses Ctrl-C, which the terminal turns into the signal.</summary>
    public Task CtrlCAsync() => _process.WriteAsync("\u0003");

    public Task<int> ExitCodeAsync() => _process.WaitForExitAsync(Limit, TestContext.Current.CancellationToken);

    /// <summary>A line as it is seen, without its escapes.</summary>
    public static string Visible(string line) => Escape().Replace(line, string.Empty);

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    [GeneratedRegex(@"\x1b(\[[0-9;?]*[A-Za-z]|[=>])", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Escape();
}
