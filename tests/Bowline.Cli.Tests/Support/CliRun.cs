using System.Diagnostics;

namespace Bowline.Cli.Tests.Support;

/// <summary>The real executable, run to its end with stdout and stderr apart.</summary>
internal sealed record CliRun(int ExitCode, string Out, string Error)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static string Executable { get; } = Path.Combine(AppContext.BaseDirectory, "bowline");

    public static Task<CliRun> RunAsync(string home, string? input, params string[] arguments) => RunAsync(home, input, null, arguments);

    /// <summary>The same with a variable set.</summary>
    public static Task<CliRun> RunWithAsync(string home, string variable, string value, params string[] arguments) => RunAsync(home, null, (variable, value), arguments);

    private static async Task<CliRun> RunAsync(string home, string? input, (string Name, string Value)? variable, string[] arguments)
    {
        var start = new ProcessStartInfo(Executable, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["BOWLINE_HOME"] = home;
        start.Environment.Remove("BOWLINE_HUB");
        start.Environment.Remove("BOWLINE_TOKEN_FILE");
        if (variable is { } set)
        {
            start.Environment[set.Name] = set.Value;
        }

        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            if (input is not null)
            {
                await process.StandardInput.WriteAsync(input);
            }

            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return new CliRun(process.ExitCode, await output, await error);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }

    /// <summary>The error says what, why and the next command, on stderr, and nothing on stdout.</summary>
    public void AssertFailed(int exitCode, string why, string next)
    {
        Assert.True(exitCode == ExitCode, $"exit code {ExitCode}: {Error}");
        Assert.Equal(string.Empty, Out);
        Assert.Matches("^error: .+\n  why:  .+\n  next: .+\n$", Error);
        Assert.Contains(why, Error, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(next, Error, StringComparison.Ordinal);
    }
}
