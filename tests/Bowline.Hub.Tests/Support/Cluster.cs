using Bowline.Hub.NatsServer;
using Bowline.Nats;
using Bowline.Nats.Jwt;
using Bowline.Testing.NatsServers;

namespace Bowline.Hub.Tests.Support;

/// <summary>A real nats-server in operator mode as an operator runs one beside a hub, with the files a hub is given.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("bowline-cluster-").FullName;

    private Cluster(NatsServerProcess server) => Server = server;

    public NatsServerProcess Server { get; }

    public NatsTestOperator Keys => Server.Operator!;

    public string Account => Keys.LinksAccount.PublicKey;

    public static async Task<Cluster> StartAsync(bool fullResolver) =>
        new(await NatsServerProcess.StartAsync(NatsServerOptions.WithOperator with { FullResolver = fullResolver }, TestContext.Current.CancellationToken));

    /// <summary>What a hub is told; nodes may use the server's address directly.</summary>
    public HubNatsOptions Options(bool withSystem = true)
    {
        var options = new HubNatsOptions
        {
            Url = new Uri(Server.Url),
            HubCredsFile = Write("hub.creds", Keys.HubCreds().Format()),
            LinkCredsFile = Write("link.creds", Keys.LinkCreds().Format()),
            LinkSigningKeyFile = Write("signing.nk", Keys.LinksSigningKey.Seed),
            SystemCredsFile = withSystem ? Write("system.creds", Keys.SystemCreds().Format()) : null,
            OperatorSigningKeyFile = withSystem ? Write("operator.nk", Keys.OperatorSigningKey.Seed) : null,
        };
        options.PublishedUrls.Add(new Uri(Server.Url));
        return options;
    }

    public string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return path;
    }

    /// <summary>A user of the system account, as an operator's own tools have one.</summary>
    public Task<NatsConnection> SystemAsync() => NatsDial.ConnectAsync(new Uri(Server.Url), Keys.SystemCreds(), TestContext.Current.CancellationToken);

    /// <summary>A new link session of this device, connected to the server and not to the hub.</summary>
    public async Task<DirectLink> ConnectAsync(TestDevice device)
    {
        var creds = new NatsCreds(await device.CredentialsAsync(), device.User.Seed);
        return new DirectLink(creds, await NatsDial.ConnectAsync(new Uri(Server.Url), creds, TestContext.Current.CancellationToken));
    }

    /// <summary>Asserts that the server lets this credential in no more; a connection that it let in before it heard of the revocation ends.</summary>
    public async Task RefusesAsync(NatsCreds creds)
    {
        try
        {
            await using var connection = await NatsDial.ConnectAsync(new Uri(Server.Url), creds, TestContext.Current.CancellationToken);
            await new DirectLink(creds, connection).CutAsync();
        }
        catch (NatsServerException e)
        {
            Assert.True(e.IsAuthError);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
