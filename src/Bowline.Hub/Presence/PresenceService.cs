using System.Collections.Concurrent;
using Bowline.Core.Identity;
using Bowline.Hub.Devices;
using Bowline.Hub.Links;
using Bowline.Hub.NatsServer;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Bowline.Hub.Presence;

/// <summary>Keeps a monitor for every enrolled device and feeds it with what the hub sees.</summary>
internal sealed class PresenceService(
    DeviceStore devices,
    DeviceRevocation revocation,
    EnrolmentService enrolment,
    BridgeRegistry bridges,
    INatsBackend nats,
    IProber prober,
    TimeProvider time,
    ILogger<PresenceService> logger) : IPresence, IHostedService, IAsyncDisposable
{
    private readonly ConcurrentDictionary<DeviceId, LinkMonitor> _monitors = new();
    private readonly ConcurrentDictionary<LinkFeed, string> _feeds = new();
    private readonly Lock _endingGate = new();
    private Task _ending = Task.CompletedTask;
    private int _stopped;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        revocation.Revoked += OnRevoked;
        enrolment.Enrolled += OnEnrolled;
        bridges.Closed += OnBridgeClosed;
        foreach (var device in devices.ListAll())
        {
            Start(device.Id);
        }

        Telemetry.Add(this);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _stopped, 1) == 1)
        {
            return;
        }

        Telemetry.Remove(this);
        revocation.Revoked -= OnRevoked;
        enrolment.Enrolled -= OnEnrolled;
        bridges.Closed -= OnBridgeClosed;
        foreach (var device in _monitors.Keys)
        {
            await ForgetAsync(device);
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync(CancellationToken.None);

    public LinkInfo? Get(DeviceId device) => devices.Find(device) is { } found && _monitors.TryGetValue(device, out var monitor)
        ? new LinkInfo(found, monitor.View, monitor.Status)
        : null;

    public IReadOnlyList<LinkInfo> List(string accountId) =>
        [.. devices.List(accountId).Select(d => _monitors.TryGetValue(d.Id, out var m) ? new LinkInfo(d, m.View, m.Status) : null).OfType<LinkInfo>()];

    public async Task<LinkInfo?> ProbeAsync(DeviceId device)
    {
        if (_monitors.TryGetValue(device, out var monitor))
        {
            await monitor.ProbeAsync();
        }

        return Get(device);
    }

    public LinkFeed Follow(string accountId)
    {
        var feed = new LinkFeed(f => _feeds.TryRemove(f, out _));
        _feeds[feed] = accountId;
        foreach (var device in devices.List(accountId))
        {
            Hold(feed, device.Id);
            feed.Changed(device.Id);
        }

        return feed;
    }

    /// <summary>A frame of the device was seen by the tunnel.</summary>
    public void OnTraffic(DeviceId device)
    {
        if (_monitors.TryGetValue(device, out var monitor))
        {
            monitor.OnTraffic();
        }
    }

    /// <summary>The device said that it is here, or that it goes.</summary>
    public void OnHere(DeviceId device, string? message)
    {
        var goodbye = message == "goodbye";
        PresenceLog.Said(logger, device.ToString(), goodbye ? "goodbye" : "here");
        Tell(device, goodbye ? new PresenceEvent.Goodbye() : new PresenceEvent.Here());
    }

    /// <summary>The hub's own connection to NATS is lost: nothing can be known until it is back.</summary>
    public void OnBlind()
    {
        PresenceLog.Blind(logger, _monitors.Count);
        TellAll(new PresenceEvent.Blind());
    }

    /// <summary>The hub's own connection to NATS is open again.</summary>
    public void OnSight() => TellAll(new PresenceEvent.Doubt());

    /// <summary>The state of every link as shown last, for metrics.</summary>
    public IEnumerable<LinkState> States() => _monitors.Values.Select(m => m.LastState);

    private void Tell(DeviceId device, PresenceEvent happened)
    {
        if (_monitors.TryGetValue(device, out var monitor))
        {
            monitor.On(happened);
        }
    }

    private void TellAll(PresenceEvent happened)
    {
        foreach (var (_, monitor) in _monitors)
        {
            monitor.On(happened);
        }
    }

    private void OnBridgeClosed(object? sender, BridgeClosedEventArgs e)
    {
        if (!e.WasLast || e.Reason == BridgeEnd.HubStopping)
        {
            return;
        }

        // Silence, NATS's own end, or a node with another way to NATS: the closed socket alone does not say that it is gone.
        var certain = e.Reason is not (BridgeEnd.NodeSilent or BridgeEnd.NatsClosed) && nats.PublishedUrls.Count == 0;
        Tell(e.Device, certain ? new PresenceEvent.SocketClosed() : new PresenceEvent.Doubt());
    }

    private void OnEnrolled(object? sender, DeviceEnrolledEventArgs e)
    {
        Start(e.Device.Id);
        foreach (var (feed, account) in _feeds)
        {
            if (account == e.Device.AccountId)
            {
                Hold(feed, e.Device.Id);
                feed.Changed(e.Device.Id);
            }
        }
    }

    private void OnRevoked(object? sender, DeviceRevokedEventArgs e)
    {
        if (_monitors.TryRemove(e.Device, out var monitor))
        {
            // Its probe under way may take a moment; nobody waits for it.
            var end = monitor.DisposeAsync().AsTask();
            lock (_endingGate)
            {
                _ending = Task.WhenAll(_ending, end);
            }
        }

        Changed(e.Device);
    }

    private async Task ForgetAsync(DeviceId device)
    {
        if (_monitors.TryRemove(device, out var monitor))
        {
            await monitor.DisposeAsync();
        }

        await _ending;
    }

    private void Start(DeviceId device) => _monitors.GetOrAdd(device, id => new LinkMonitor(id, prober, time, logger, Changed));

    private void Hold(LinkFeed feed, DeviceId device)
    {
        if (_monitors.TryGetValue(device, out var monitor))
        {
            feed.Hold(device, monitor.Watch);
        }
    }

    private void Changed(DeviceId device)
    {
        foreach (var (feed, _) in _feeds)
        {
            feed.Changed(device);
        }
    }
}
