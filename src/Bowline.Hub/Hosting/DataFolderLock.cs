using Bowline.Core.Files;

namespace Bowline.Hub.Hosting;

/// <summary>Keeps a second hub out of the data folder; nats-server does not lock its store by itself.</summary>
internal sealed class DataFolderLock : IDisposable
{
    private readonly FileStream _file;

    private DataFolderLock(FileStream file) => _file = file;

    /// <summary>Takes the lock for as long as the result lives.</summary>
    /// <exception cref="HubException">Another hub holds the folder, or it cannot be written.</exception>
    public static DataFolderLock Take(string folder)
    {
        var path = Path.Combine(folder, "lock");
        try
        {
            SecretFile.CreateFolder(folder);
            return new DataFolderLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException e) when (File.Exists(path))
        {
            throw new HubException(HubError.DataFolderLocked, $"Another hub uses {folder}. Stop it, or give this one a folder of its own: BOWLINE_HOME=FOLDER.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HubException(HubError.DataFolderUnusable, $"The data folder {folder} cannot be used: {e.Message} BOWLINE_HOME must name a folder that this user can write to.", e);
        }
    }

    public void Dispose() => _file.Dispose();
}
