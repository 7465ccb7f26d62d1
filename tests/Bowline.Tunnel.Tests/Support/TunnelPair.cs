using Bowline.Core.Identity;
using Bowline.Testing.Time;
using Bowline.Testing.Tunnel;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bowline.Tunnel.Tests.Support;

/// <summary>A client and a server over the in-memory bus, with time that stands still.</summary>
internal sealed class TunnelPair : IAsyncDisposable
{
    public const string Owner = "alice";
    public const string HubId = "hub1";

    private TunnelPair(TunnelServerOptions? server, TunnelClientOptions? client, DeviceId device)
    {
        Device = device;
        ClientCarrier = Bus.Connect();
        ServerCarrier = Bus.Connect();
        Server = new(device, server ?? Options(), Time, NullLoggerFactory.Instance);
        Client = new(ClientCarrier, client ?? new(), Time, NullLoggerFactory.Instance);
    }

    public TunnelBus Bus { get; } = new();

    public ManualTimeProvider Time { get; } = new();

    public InMemoryCarrier ClientCarrier { get; }

    public InMemoryCarrier ServerCarrier { get; }

    public TunnelServer Server { get; }

    public TunnelClient Client { get; }

    public DeviceId Device { get; }

    public string Instance { get; private set; } = "";

    public static TunnelServerOptions Options(TunnelLimits? limits = null, int maxConcurrent = 256, int maxStreams = 1024, IIdempotencyKeys? keys = null) => new()
    {
        OwnerAccountId = static () => Owner,
        HubId = static () => HubId,
        Limits = limits ?? new(),
        MaxConcurrentExchanges = maxConcurrent,
        MaxStreamsPerClient = maxStreams,
        IdempotencyKeys = keys,
    };

    public static async Task<TunnelPair> StartAsync(Func<TunnelExchange, Task>? handler = null, TunnelServerOptions? server = null, TunnelClientOptions? client = null, bool attach = true)
    {
        using var key = DeviceKey.Create();
        var pair = new TunnelPair(server, client, key.Id);
        if (handler is not null)
        {
            pair.Server.Services.Map("default", new TestHandler(handler), ServiceAccess.Owner);
        }

        if (attach)
        {
            pair.Instance = await pair.Server.AttachAsync(pair.ServerCarrier);
        }

        await pair.Client.StartAsync();
        return pair;
    }

    public TunnelTarget Target(string service = "default", TunnelCaller? caller = null) => new(Device, service, caller ?? TunnelCaller.Account(Owner));

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, string service = "default", TunnelCaller? caller = null, CancellationToken cancellationToken = default) =>
        Client.SendAsync(Target(service, caller), request, cancellationToken);

    public Task<HttpResponseMessage> GetAsync(string path = "/") => SendAsync(new(HttpMethod.Get, path));

    /// <summary>Completes at the first published message that fits.</summary>
    public Task<BusMessage> Seen(Func<BusMessage, bool> wanted)
    {
        var seen = new TaskCompletionSource<BusMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        Bus.Published += message =>
        {
            if (wanted(message))
            {
                seen.TrySetResult(message);
            }
        };
        return seen.Task.WaitAsync(TimeSpan.FromSeconds(20));
    }

    /// <summary>An exchange still counts for a moment after the last frame of its answer.</summary>
    public async Task NothingRunsAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (Server.RunningExchanges > 0)
        {
            await Task.Delay(1, patience.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        ClientCarrier.Thaw();
        ServerCarrier.Thaw();
        await Client.DisposeAsync();
        await Server.DisposeAsync();
        await ClientCarrier.DisposeAsync();
        await ServerCarrier.DisposeAsync();
    }
}
