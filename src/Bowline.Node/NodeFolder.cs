using Bowline.Core.Files;

namespace Bowline.Node;

/// <summary>Where a node keeps what it must not lose: <c>$BOWLINE_HOME/node</c>, mode 0700.</summary>
/// <param name="path">The folder.</param>
public sealed class NodeFolder(string path)
{
    /// <summary>The folder itself.</summary>
    public string Root { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>The device's private key.</summary>
    public string DeviceKeyFile => System.IO.Path.Combine(Root, "device.key");

    /// <summary>Which hub this node has joined.</summary>
    public string HubFile => System.IO.Path.Combine(Root, "hub.json");

    /// <summary>The services that outlive a restart.</summary>
    public string ServicesFile => System.IO.Path.Combine(Root, "services.json");

    /// <summary>The unix socket of the control API.</summary>
    public string ControlSocket => System.IO.Path.Combine(Root, "control.sock");

    /// <summary>Hashes of the idempotency keys of the last minutes.</summary>
    public string IdempotencyFile => System.IO.Path.Combine(Root, "idempotency.keys");

    /// <summary>Held by the process that serves this folder.</summary>
    public string LockFile => System.IO.Path.Combine(Root, "lock");

    /// <summary>The default: <c>$BOWLINE_HOME</c>, or <c>~/.bowline</c>.</summary>
    public static string DefaultHome =>
        Environment.GetEnvironmentVariable("BOWLINE_HOME") is { Length: > 0 } home
            ? System.IO.Path.GetFullPath(home)
            : System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".bowline");

    /// <summary>The node's part of a home folder.</summary>
    public static NodeFolder In(string home) => new(System.IO.Path.Combine(home, "node"));

    /// <summary>Makes the folder when it is not there, and holds it for this process until the result is disposed.</summary>
    /// <exception cref="NodeException">Another process holds it, or it cannot be written.</exception>
    public IDisposable Acquire()
    {
        try
        {
            SecretFile.CreateFolder(Root);
            return new FileStream(LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException busy) when (File.Exists(LockFile))
        {
            throw new NodeException(NodeError.AlreadyRunning, $"Another bowline process serves the node in {Root}.", busy);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new NodeException(NodeError.FolderUnusable, $"The folder {Root} cannot be used: {failure.Message}", failure);
        }
    }
}
