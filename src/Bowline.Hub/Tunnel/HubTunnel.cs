using Bowline.Core.Identity;
using Bowline.Hub.Health;
using Bowline.Hub.Links;
using Bowline.Hub.NatsServer;
using Bowline.Hub.Store;
using Bowline.Nats;
using Bowline.Tunnel;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Bowline.Hub.Tunnel;

/// <summary>
/// The hub's one way into the nodes: its own connection in the links' account, with full rights there, and one tunnel client on it.
/// It lives as long as the hub; when NATS comes back at another address, both are replaced.
/// </summary>
internal sealed class HubTunnel(INatsBackend nats, HubIdentity hub, HubHealth health, TimeProvider time, ILoggerFactory loggers)
    : IHostedService, ITunnelGateway, IAsyncDisposable
{
    private const string Warning = "nats_unreachable";

    /// <summary>How long the start of the hub waits for NATS.</summary>
    /// <value>3 s: an embedded server is ready before; a cluster that is down must not keep the console from coming up to say so.</value>
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(3);

    private readonly ILogger<HubTunnel> _logger = loggers.CreateLogger<HubTunnel>();
    private readonly Lock _gate = new();
    private readonly List<Func<NatsConnection, ValueTask>> _attachments = [];
    private TunnelSession? _session;
    private Task _replacing = Task.CompletedTask;
    private bool _stopped;

    /// <summary>Raised on the read loop for every frame of a device; handlers must be quick.</summary>
    public event Action<DeviceId>? Traffic;

    /// <summary>The hub's own connection was lost: for the time being it sees nothing.</summary>
    public event Action? Lost;

    /// <summary>The hub's own connection is open.</summary>
    public event Action? Opened;

    /// <summary>The hub's principal, which the reserved service <c>$node</c> lets in.</summary>
    public TunnelCaller Principal { get; } = TunnelCaller.Hub(hub.Id);

    /// <summary>True while the hub's own connection is open.</summary>
    public bool IsOpen => Volatile.Read(ref _session)?.Connection.ConnectionState == NatsConnectionState.Open;

    /// <summary>The client to send with now; ask for it at each use.</summary>
    /// <exception cref="TunnelException">The hub has not started, or stops.</exception>
    public TunnelClient Client => Volatile.Read(ref _session)?.Client ?? throw new TunnelException(TunnelError.CarrierClosed);

    public Task<HttpResponseMessage> SendAsync(TunnelTarget target, HttpRequestMessage request, CancellationToken cancellationToken) =>
        Client.SendAsync(target, request, cancellationToken);

    /// <summary>Runs for every connection the hub opens in the links' account, before it is used; to be called before the hub starts.</summary>
    public void Attach(Func<NatsConnection, ValueTask> attachment) => _attachments.Add(attachment);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var session = Create(nats.Url ?? throw new HubException(HubError.NatsUnreachable, "NATS is not running."));
        Volatile.Write(ref _session, session);
        try
        {
            await session.Opening.WaitAsync(StartPatience, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            Warn($"No answer from {session.Url} within {StartPatience.TotalSeconds} s.");
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        TunnelSession? session;
        lock (_gate)
        {
            _stopped = true;
            session = Interlocked.Exchange(ref _session, null);
        }

        await _replacing;
        if (session is not null)
        {
            await CloseAsync(session);
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync(CancellationToken.None);

    private TunnelSession Create(Uri url)
    {
        var connection = new NatsConnection(NatsDial.Options(url, nats.LinkCreds()) with
        {
            Name = "bowline-hub-tunnel",
            RetryOnInitialConnect = true,
            DiscoverServers = nats.PublishedUrls.Count > 0,
            AuthOpts = new NatsAuthOpts { AuthCredCallback = CredentialsAsync },
            TimeProvider = time,
            LoggerFactory = loggers,
        });
        connection.ConnectionOpened += OnOpened;
        connection.ConnectionDisconnected += OnDisconnected;
        connection.ReconnectFailed += OnReconnectFailed;
        var client = new TunnelClient(new NatsClientCarrier(connection), new TunnelClientOptions { OnTraffic = d => Traffic?.Invoke(d) }, time, loggers);
        return new TunnelSession(url, connection, client, OpenAsync(connection, client));
    }

    /// <summary>Subscriptions are kept by the connection over all its reconnects.</summary>
    private async Task OpenAsync(NatsConnection connection, TunnelClient client)
    {
        try
        {
            await connection.ConnectAsync(CancellationToken.None);
            foreach (var attachment in _attachments)
            {
                await attachment(connection);
            }

            await client.StartAsync(CancellationToken.None);
        }
        catch (Exception e) when (e is NatsException or ObjectDisposedException or OperationCanceledException)
        {
            TunnelHubLog.OpenFailed(_logger, connection.Opts.Url, e);
        }
    }

    private ValueTask<NatsAuthCred> CredentialsAsync(Uri uri, CancellationToken cancellationToken)
    {
        var creds = nats.LinkCreds();
        return new(new NatsAuthCred { Jwt = creds.Jwt, Seed = creds.Seed });
    }

    private ValueTask OnOpened(NatsConnection connection, NatsEventArgs args)
    {
        health.Clear(Warning);
        Opened?.Invoke();
        return default;
    }

    private ValueTask OnDisconnected(NatsConnection connection, NatsEventArgs args)
    {
        Lost?.Invoke();
        return default;
    }

    private ValueTask OnReconnectFailed(NatsConnection connection, NatsEventArgs args)
    {
        Warn(args.Message);
        ReplaceIfMoved();
        return default;
    }

    private void Warn(string text) =>
        health.Raise(Warning, "The hub cannot reach NATS", HealthSeverity.Error, $"No link can be used meanwhile. {text}", "bowline doctor");

    /// <summary>The embedded server takes another port when its old one was taken while it was down.</summary>
    private void ReplaceIfMoved()
    {
        lock (_gate)
        {
            if (!_stopped && _session is { } old && nats.Url is { } url && url != old.Url && _replacing.IsCompleted)
            {
                TunnelHubLog.Moved(_logger, url.ToString());
                Volatile.Write(ref _session, Create(url));
                _replacing = CloseAsync(old);
            }
        }
    }

    private static async Task CloseAsync(TunnelSession session)
    {
        await Task.Yield(); // A connection is never disposed from one of its own events.
        await session.Client.DisposeAsync();
        await session.Connection.DisposeAsync();
        await session.Opening;
    }

    private sealed record TunnelSession(Uri Url, NatsConnection Connection, TunnelClient Client, Task Opening);
}
