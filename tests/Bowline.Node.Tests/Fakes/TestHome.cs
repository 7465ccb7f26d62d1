namespace Bowline.Node.Tests.Fakes;

/// <summary>A node folder of its own, short enough for a unix socket, gone afterwards.</summary>
internal sealed class TestHome : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("bn-").FullName;

    public TestHome() => Folder = NodeFolder.In(_path);

    public NodeFolder Folder { get; }

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
