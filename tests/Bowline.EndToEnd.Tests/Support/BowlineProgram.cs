using System.Runtime.CompilerServices;
using Bowline.Testing.Processes;

namespace Bowline.EndToEnd.Tests.Support;

/// <summary>The real executable, as <c>make up</c> runs it.</summary>
internal static class BowlineProgram
{
    private static readonly TimeSpan RunLimit = TimeSpan.FromSeconds(30);

    public static string Root { get; } = FindRoot();

    public static string Path { get; } = Find();

    /// <summary>Starts it with a data folder of its own.</summary>
    public static TestProcess Start(string home, params string[] arguments) => Start(home, ownGroup: false, arguments);

    /// <summary>Starts it as a shell does: Ctrl-C then goes to its process group.</summary>
    public static TestProcess StartInOwnGroup(string home, params string[] arguments) => Start(home, ownGroup: true, arguments);

    /// <summary>Runs it to its end; input is given on stdin.</summary>
    public static async Task<CommandResult> RunAsync(string home, string? input, params string[] arguments)
    {
        await using var process = Start(home, arguments);
        if (input is not null)
        {
            await process.WriteLineAsync(input);
        }

        process.CloseInput();
        var code = await process.WaitForExitAsync(RunLimit, TestContext.Current.CancellationToken);
        return new CommandResult(code, process.Data, process.Output);
    }

    private static TestProcess Start(string home, bool ownGroup, string[] arguments) => TestProcess.Start(
        Path,
        arguments,
        new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["BOWLINE_HOME"] = home,
            ["BOWLINE_HUB"] = null,
            ["BOWLINE_TOKEN_FILE"] = null,
            ["NO_COLOR"] = "1",
        },
        ownGroup);

    private static string FindRoot([CallerFilePath] string file = "") => file[..file.IndexOf("/tests/", StringComparison.Ordinal)];

    private static string Find()
    {
        var path = System.IO.Path.Combine(Root, "artifacts", "bin", "Bowline.Cli", "release", "bowline");
        return File.Exists(path) ? path : throw new InvalidOperationException($"{path} is not built. Run: make build");
    }
}
