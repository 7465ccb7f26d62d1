using Bowline.Testing.Processes;

namespace Bowline.Cli.Tests.Support;

/// <summary>A real <c>bowline relay</c>.</summary>
internal static class RelayProcess
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static TestProcess Start(CliHome home, params string[] options) => StartCommand(home, ["relay", .. options]);

    /// <summary>Any command that runs until it is told to stop.</summary>
    public static TestProcess StartCommand(CliHome home, params string[] arguments) => TestProcess.Start(
        CliRun.Executable,
        arguments,
        new Dictionary<string, string?>(StringComparer.Ordinal) { ["BOWLINE_HOME"] = home.Path },
        ownGroup: true);

    public static Task<string> SaysAsync(this TestProcess process, string text) => process.WaitForLineAsync(line => line.Contains(text, StringComparison.Ordinal), Limit);

    /// <summary>Its exit code after a signal.</summary>
    public static Task<int> EndAsync(this TestProcess process, int signal)
    {
        process.SignalGroup(signal);
        return process.WaitForExitAsync(Limit);
    }
}
