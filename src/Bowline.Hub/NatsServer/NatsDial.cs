using Bowline.Nats;
using Bowline.Nats.Jwt;

namespace Bowline.Hub.NatsServer;

/// <summary>Connections of the hub itself.</summary>
internal static class NatsDial
{
    /// <summary>Connects once, for a question or two.</summary>
    /// <exception cref="NatsException">It cannot be reached or refuses.</exception>
    public static async Task<NatsConnection> ConnectAsync(Uri url, NatsCreds creds, CancellationToken cancellationToken)
    {
        var connection = new NatsConnection(Options(url, creds));
        try
        {
            await connection.ConnectAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public static NatsOpts Options(Uri url, NatsCreds creds) => new()
    {
        Url = url.ToString(),
        Name = "bowline-hub",
        AuthOpts = new NatsAuthOpts { Jwt = creds.Jwt, Seed = creds.Seed },
    };
}
