using Bowline.Core.Files;

namespace Bowline.Hub.NatsServer;

/// <summary>Where the embedded server keeps its things, below the hub's data folder.</summary>
internal sealed record NatsServerFolder(string Root)
{
    public string Config => Path.Combine(Root, "nats.conf");

    public string Run => Path.Combine(Root, "run");

    public string PidFile => Path.Combine(Run, "nats.pid");

    public string Streams => Path.Combine(Root, "streams");

    public void Create()
    {
        SecretFile.CreateFolder(Root);
        SecretFile.CreateFolder(Run);
        SecretFile.CreateFolder(Streams);
    }

    /// <summary>A killed server leaves its ports and pid files behind; a new one must not be taken for the old.</summary>
    public void RemoveStaleFiles()
    {
        foreach (var file in Directory.GetFiles(Run))
        {
            File.Delete(file);
        }
    }
}
