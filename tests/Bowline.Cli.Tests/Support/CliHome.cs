namespace Bowline.Cli.Tests.Support;

/// <summary>A data folder of its own, short enough for a unix socket.</summary>
internal sealed class CliHome : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("bc-").FullName;

    public Task<CliRun> RunAsync(params string[] arguments) => CliRun.RunAsync(Path, null, arguments);

    public Task<CliRun> RunWithInputAsync(string input, params string[] arguments) => CliRun.RunAsync(Path, input, arguments);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
