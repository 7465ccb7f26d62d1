using System.Runtime.CompilerServices;
using Bowline.Testing.Processes;

namespace Bowline.EndToEnd.Tests.Support;

/// <summary>The real executable, as <c>make up</c> runs it.</summary>
internal static class BowlineProgram
{
    private static readonly TimeSpan RunLimit = TimeSpan.FromSeconds(30);

    public static string Path { get; } = Find();

    /// <summary>Starts it with a data folder of its own.</summary>
    public static TestProcess Start(string home, params string[] arguments) => TestProcess.Start(Path, arguments, new Dictionary<string, string?>(StringComparer.Ordinal)
    {
        ["BOWLINE_HOME"] = home,
        ["NO_COLOR"] = "1",
    });

    /// <summary>Runs it to its end; input is given on stdin.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(string home, string? input, params string[] arguments)
    {
        await using var process = Start(home, arguments);
        if (input is not null)
        {
            await process.WriteLineAsync(input);
        }

        process.CloseInput();
        var code = await process.WaitForExitAsync(RunLimit, TestContext.Current.CancellationToken);
        return (code, process.Output);
    }

    private static string Find([CallerFilePath] string file = "")
    {
        var root = file[..file.IndexOf("/tests/", StringComparison.Ordinal)];
        var path = System.IO.Path.Combine(root, "artifacts", "bin", "Bowline.Cli", "release", "bowline");
        return File.Exists(path) ? path : throw new InvalidOperationException($"{path} is not built. Run: make build");
    }
}
