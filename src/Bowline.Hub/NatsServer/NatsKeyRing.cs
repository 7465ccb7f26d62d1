using Bowline.Core.Files;
using Bowline.Nats.NKeys;

namespace Bowline.Hub.NatsServer;

/// <summary>The keys of the embedded server, each in a 0600 file of its own. They never leave the hub; the server gets tokens only.</summary>
internal sealed class NatsKeyRing : IDisposable
{
    private NatsKeyRing(string folder)
    {
        Operator = Load(folder, "operator", NKeyType.Operator);
        System = Load(folder, "system-account", NKeyType.Account);
        Hub = Load(folder, "hub-account", NKeyType.Account);
        Link = Load(folder, "link-account", NKeyType.Account);
        LinkSigning = Load(folder, "link-signing", NKeyType.Account);
    }

    public NKeyPair Operator { get; }

    /// <summary>The server's own events and requests, such as pushing a revocation.</summary>
    public NKeyPair System { get; }

    /// <summary>The hub's account, with JetStream.</summary>
    public NKeyPair Hub { get; }

    /// <summary>The links' account, without JetStream.</summary>
    public NKeyPair Link { get; }

    /// <summary>Signs the nodes' user tokens.</summary>
    public NKeyPair LinkSigning { get; }

    public static NatsKeyRing LoadOrCreate(string folder) => new(folder);

    public void Dispose()
    {
        Operator.Dispose();
        System.Dispose();
        Hub.Dispose();
        Link.Dispose();
        LinkSigning.Dispose();
    }

    private static NKeyPair Load(string folder, string name, NKeyType type)
    {
        var path = Path.Combine(folder, name + ".nk");
        if (SecretFile.TryReadText(path, out var seed))
        {
            return NKeyPair.FromSeed(seed.Trim(), type);
        }

        var created = NKeyPair.Create(type);
        SecretFile.WriteText(path, created.Seed + "\n");
        return created;
    }
}
