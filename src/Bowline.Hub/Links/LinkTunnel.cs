using System.Text.Json;
using Bowline.Hub.NatsServer;
using Bowline.Hub.Presence;
using Bowline.Nats;
using Bowline.Tunnel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Bowline.Hub.Links;

/// <summary>The hub's own connection in the links' account: the tunnel client, and what nodes say about themselves.</summary>
internal sealed class LinkTunnel(INatsBackend nats, IServiceProvider services, TimeProvider time, ILoggerFactory loggers) : ITunnelGateway, IHostedService, IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private NatsConnection? _connection;
    private TunnelClients? _client;
    private Task _here = Task.CompletedTask;
    private PresenceService? _presence;
    private int _disposed;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        // Presence needs this to probe, and this tells presence what it sees: one of the two is asked for late.
        _presence = services.GetRequiredService<PresenceService>();
        var options = NatsDial.Options(nats.Url!, nats.LinkCreds()) with
        {
            TimeProvider = time,
            LoggerFactory = loggers,
            AuthOpts = new NatsAuthOpts { AuthCredCallback = Credentials },

            // An embedded server that was started again may have another port.
            UrlCallback = () => nats.Url?.ToString(),
        };
        _connection = new NatsConnection(options);
        _connection.ConnectionDisconnected += OnLost;
        _connection.ConnectionOpened += OnOpened;
        try
        {
            await _connection.ConnectAsync(cancellationToken);
        }
        catch (NatsException e)
        {
            throw new HubException(HubError.NatsUnreachable, $"NATS at {nats.Url} cannot be used: {e.Message} Check --nats and its credentials.", e);
        }

        _client = new TunnelClients(() => new(new NatsClientCarrier(_connection), new TunnelClientOptions { OnTraffic = _presence.OnTraffic }, time, loggers));
        await _client.StartAsync(cancellationToken);
        var inbox = new HereInbox();
        await _connection.AddSubAsync(inbox, cancellationToken);
        _here = ListenAsync(inbox);
    }

    public Task<HttpResponseMessage> SendAsync(TunnelTarget target, HttpRequestMessage request, CancellationToken cancellationToken) =>
        _client is { } client ? client.SendAsync(target, request, cancellationToken) : throw new TunnelException(TunnelError.CarrierClosed);

    public Task StopAsync(CancellationToken cancellationToken) => DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
        {
            return;
        }

        await _stopping.CancelAsync();
        if (_client is not null)
        {
            await _client.DisposeAsync();
        }

        if (_connection is not null)
        {
            await _connection.DisposeAsync();
        }

        await _here;
        _stopping.Dispose();
    }

    private ValueTask<NatsAuthCred> Credentials(Uri uri, CancellationToken cancellationToken)
    {
        var creds = nats.LinkCreds();
        return ValueTask.FromResult(NatsAuthCred.FromJwt(creds.Jwt, creds.Seed));
    }

    private ValueTask OnLost(NatsConnection connection, NatsEventArgs args)
    {
        if (!_stopping.IsCancellationRequested)
        {
            _presence!.OnBlind();
        }

        return default;
    }

    private ValueTask OnOpened(NatsConnection connection, NatsEventArgs args)
    {
        _presence!.OnSight();
        return default;
    }

    private async Task ListenAsync(HereInbox inbox)
    {
        try
        {
            while (await inbox.WaitAsync(_stopping.Token))
            {
                foreach (var (device, message) in inbox.Take())
                {
                    _presence!.OnHere(device, EventOf(message));
                }
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            return;
        }
        catch (NatsException) when (_stopping.IsCancellationRequested)
        {
            return;
        }
    }

    internal static string? EventOf(byte[]? payload)
    {
        if (payload is not { Length: > 0 })
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(payload, NodeStatusJson.Default.HereMessage)?.Event;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
