using Bowline.Core.Files;

namespace Bowline.Hub.Hosting;

/// <summary>Keeps a second hub out of the data folder; nats-server does not lock its store by itself.</summary>
internal sealed class DataFolderLock : IDisposable
{
    private readonly FileStream _file;

    private DataFolderLock(FileStream file) => _file = file;

    /// <summary>Takes the lock for as long as the result lives.</summary>
    /// <exception cref="HubException">Another hub holds the folder.</exception>
    public static DataFolderLock Take(string folder)
    {
        SecretFile.CreateFolder(folder);
        var path = Path.Combine(folder, "lock");
        try
        {
            return new DataFolderLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException e)
        {
            throw new HubException(HubError.DataFolderLocked, $"Another hub uses {folder}. Stop it, or give this one a folder of its own: BOWLINE_HOME=FOLDER.", e);
        }
    }

    public void Dispose() => _file.Dispose();
}
