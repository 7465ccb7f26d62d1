namespace Bowline.EndToEnd.Tests.Support;

/// <summary>A data folder that is removed with the test.</summary>
internal sealed class HomeFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("bowline-e2e-").FullName;

    /// <summary>The token of this machine's CLI, written by the hub.</summary>
    public string Token => File.ReadAllText(System.IO.Path.Combine(Path, "hub", "cli.token")).Trim();

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
