using System.Net.NetworkInformation;
using Bowline.Core.Health;
using Bowline.Core.Identity;
using Bowline.Core.Time;
using Bowline.Node.Control;
using Bowline.Node.Endpoints;
using Bowline.Node.Enrolment;
using Bowline.Node.HubAccess;
using Bowline.Node.Link;
using Bowline.Node.Services;
using Bowline.Node.Serving;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Bowline.Node;

/// <summary>The running node: identity, link, services, control socket, put together and taken apart in order.</summary>
internal sealed partial class NodeService(
    NodeOptions options,
    LinkTimings timings,
    IHostApplicationLifetime process,
    TimeProvider time,
    Random random,
    ILoggerFactory loggers) : IHostedService, INodeControl, IAsyncDisposable
{
    // A resume must not wait for a pooled connection that died meanwhile: better a new one than a hung one.
    private static readonly TimeSpan PooledConnectionLife = TimeSpan.FromSeconds(5);

    private readonly ILogger _logger = loggers.CreateLogger<NodeService>();
    private readonly HealthTracker _health = new(time);
    private readonly DateTimeOffset _startedAt = time.GetUtcNow();
    private readonly HttpClient _http = new(new SocketsHttpHandler { PooledConnectionIdleTimeout = PooledConnectionLife, ConnectTimeout = PooledConnectionLife });
    private readonly Lock _stopGate = new();
    private Task? _stopped;
    private IDisposable? _folderLock;
    private DeviceKey? _key;
    private HubRecord? _hub;
    private TunnelHost? _tunnel;
    private ServiceRegistry? _services;
    private LinkLoop? _loop;
    private SuspendMonitor? _suspend;
    private ControlServer? _control;

    public ServiceRegistry Services => _services!;

    public NodeStatus Status
    {
        get
        {
            var link = _loop!.Status;
            return new NodeStatus(
                NodeVersion.Text,
                Environment.ProcessId,
                _key!.Id.ToString(),
                options.MachineName,
                _startedAt,
                new NodeHubStatus(_hub!.Url, _hub.HubName, _hub.Name),
                new NodeLinkStatus(link.Phase.ToString().ToLowerInvariant(), link.Since, link.ConnectedCount, link.SessionEndsAt, link.LastError),
                Services.List,
                _health.Visible);
        }
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _folderLock = options.Folder.Acquire();
        _hub = HubRecordFile.Require(options.Folder);
        _key = LoadKey();
        var clock = new HubClock(time);
        var hub = new HubApi(_http, _hub.Url, clock);
        var tokens = new DeviceTokenMaker(_key, hub.Origin, clock);
        _tunnel = new TunnelHost(_key.Id, _hub.HubId, options.Folder, time, loggers);
        _services = new ServiceRegistry(new ServiceStore(options.Folder), _tunnel);
        _services.Load();
        _tunnel.MapNode(new NodeHandler(Report, ShutDownSoon));
        if (options.Demo)
        {
            await _tunnel.StartDemoAsync(cancellationToken);
            _services.Announce(Demo.DemoService.Name);
        }

        _loop = new LinkLoop(
            timings,
            new SessionSource(hub, tokens, options, owner => _tunnel.OwnerAccountId = owner),
            new NatsLinkDialer(_key.Id, tokens, _tunnel, time, random, loggers),
            _health,
            time,
            random,
            loggers.CreateLogger<LinkLoop>());
        _control = new ControlServer(options.Folder, this, time, loggers);
        await _control.StartAsync(cancellationToken);
        LogStarted(_hub.Name, _key.Id.ToString(), _hub.Url);
        _loop.Start();
        _suspend = new SuspendMonitor(time, _loop.Resumed);
        NetworkChange.NetworkAddressChanged += OnAddressChanged;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        lock (_stopGate)
        {
            // The host may be stopped twice, by the node itself and by who runs it: whoever comes second waits as long as the first.
            return _stopped ??= StopOnceAsync();
        }
    }

    public async Task<LeaveResult> LeaveAsync(bool evenIfUnreachable, CancellationToken cancellationToken)
    {
        // Told first: when the hub cannot be reached, nothing has changed and the link goes on.
        var left = await new Enroller(options.Folder, _http, time).LeaveAsync(evenIfUnreachable, cancellationToken);
        await _loop!.StopAsync();
        return new LeaveResult(left.Hub.Url, left.Told);
    }

    public void Stop() => process.StopApplication();

    public ValueTask DisposeAsync()
    {
        _key?.Dispose();
        _http.Dispose();
        _folderLock?.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task StopOnceAsync()
    {
        NetworkChange.NetworkAddressChanged -= OnAddressChanged;
        _suspend?.Dispose();
        if (_loop is not null)
        {
            // First of all: the hub shows a graceful stop as soon as it hears the goodbye.
            await _loop.DisposeAsync();
        }

        if (_control is not null)
        {
            await _control.DisposeAsync();
        }

        if (_tunnel is not null)
        {
            await _tunnel.DisposeAsync();
        }

        LogStopped();
    }

    private StatusReport Report() => new(
        options.MachineName,
        SessionSource.Capabilities,
        NodeVersion.Text,
        _key!.Id.ToString(),
        [.. Services.List.Select(service => new ServiceReport(service.Name, "owner"))],
        [],
        _startedAt);

    private void ShutDownSoon()
    {
        LogShutdownAsked();
        process.StopApplication();
    }

    private void OnAddressChanged(object? sender, EventArgs e) => _loop?.NetworkChanged();

    private DeviceKey LoadKey()
    {
        try
        {
            return DeviceKey.LoadOrCreate(options.Folder.DeviceKeyFile);
        }
        catch (Exception failure) when (failure is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new NodeException(NodeError.FolderUnusable, failure.Message, failure);
        }
    }
}
