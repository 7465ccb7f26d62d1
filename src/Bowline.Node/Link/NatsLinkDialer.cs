using System.Net;
using Bowline.Core.Identity;
using Bowline.Nats;
using Bowline.Node.HubAccess;
using Bowline.Node.Serving;
using Microsoft.Extensions.Logging;

namespace Bowline.Node.Link;

/// <summary>Connects to NATS at a session's addresses and serves the tunnel over the connection.</summary>
internal sealed class NatsLinkDialer(DeviceId device, DeviceTokenMaker tokens, ILinkServer server, TimeProvider time, Random random, ILoggerFactory loggers) : ILinkDialer
{
    public async Task<ILinkConnection> DialAsync(LinkSession session, ILinkWatcher watcher, CancellationToken cancellationToken)
    {
        var connection = new NatsConnection(Options(session));
        try
        {
            await connection.ConnectAsync(cancellationToken);
            var link = new NatsLinkConnection(device, connection, watcher);
            link.Attachment = await server.AttachAsync(connection, cancellationToken);
            return link;
        }
        catch (NatsException failure)
        {
            await connection.DisposeAsync();
            var error = IsRefusal(failure) ? NodeError.CredentialsRefused : NodeError.NatsUnreachable;
            throw new NodeException(error, $"No connection to NATS at {string.Join(", ", session.Urls)}: {failure.Message}", failure);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>True when trying again with the same credentials is of no use.</summary>
    internal static bool IsRefusal(Exception? failure) => failure switch
    {
        NatsServerException server => server.IsAuthError,
        NatsConnectionFailedException { HttpStatus: (int)HttpStatusCode.Unauthorized or (int)HttpStatusCode.Forbidden } => true,
        { InnerException: { } inner } => IsRefusal(inner),
        _ => false,
    };

    private NatsOpts Options(LinkSession session) => new()
    {
        Url = string.Join(',', session.Urls.Select(url => url.ToString())),
        Name = $"bowline-node {device}",
        AuthOpts = new NatsAuthOpts { Jwt = session.Jwt, Seed = session.Seed },
        InboxPrefix = $"_INBOX.{device}",
        WebSocketOpts = new NatsWebSocketOpts
        {
            RequestHeadersCallback = (_, _) => ValueTask.FromResult<IReadOnlyDictionary<string, string>>(
                new Dictionary<string, string> { ["Authorization"] = "Bearer " + tokens.Make() }),
        },
        DiscoverServers = false, // The session names what this node may use.
        TimeProvider = time,
        Random = random,
        LoggerFactory = loggers,
    };
}
