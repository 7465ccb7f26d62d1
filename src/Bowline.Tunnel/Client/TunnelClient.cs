using System.Collections.Concurrent;
using Bowline.Core.Identity;
using Microsoft.Extensions.Logging;

namespace Bowline.Tunnel;

/// <summary>
/// Sends HTTP exchanges to nodes through one carrier. Safe for concurrent use; one per process is enough. It never sends a request twice
/// on its own unless the node said that it did not start it.
/// </summary>
public sealed partial class TunnelClient : IAsyncDisposable
{
    /// <summary>For requests that are under way to a client while another takes its place.</summary>
    private const uint SpareIds = 1 << 20;

    private readonly ITunnelClientCarrier _carrier;
    private readonly TunnelClientOptions _options;
    private readonly TunnelContext _context;
    private readonly DueTimer _timer;
    private readonly ConcurrentDictionary<DeviceId, ClientDevice> _devices = new();
    private readonly ConcurrentDictionary<ulong, ClientPeer> _peers = new();
    private readonly ConcurrentDictionary<uint, ClientStream> _streams = new();
    private readonly Lock _startGate = new();
    private Task? _started;
    private ulong _lastStreamId;
    private volatile bool _disposed;

    /// <summary>A client over a carrier; it subscribes with the first request, or when <see cref="StartAsync"/> is called.</summary>
    public TunnelClient(ITunnelClientCarrier carrier, TunnelClientOptions options, TimeProvider timeProvider, ILoggerFactory loggerFactory)
    {
        ArgumentNullException.ThrowIfNull(carrier);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(timeProvider);
        ArgumentNullException.ThrowIfNull(loggerFactory);
        _carrier = carrier;
        _options = options;
        _context = new(new MonotonicClock(timeProvider), loggerFactory.CreateLogger<TunnelClient>(), options.Limits);
        _timer = new(_context.Clock, Sweep);
        Pump = new(carrier, _context.Logger);
        _sink = new Sink(this);
        _lastStreamId = options.LastStreamId;
    }

    internal string ClientId => _carrier.ClientId;

    internal CarrierPump Pump { get; }

    /// <summary>Server objects remembered now.</summary>
    internal int KnownPeers => _peers.Count;

    /// <summary>
    /// So few stream ids are left that the next requests should go to a client with a new client id: ids are never reused, since a server
    /// takes a repeated one for a repeated OPEN. <see cref="TunnelClients"/> sees to it.
    /// </summary>
    public bool IsUsedUp => Volatile.Read(ref _lastStreamId) >= uint.MaxValue - SpareIds;

    /// <summary>Exchanges that are open now.</summary>
    public int OpenStreams => _streams.Count;

    /// <summary>Subscribes; every later call waits for the same.</summary>
    public Task StartAsync(CancellationToken cancellationToken = default)
    {
        lock (_startGate)
        {
            if (_started is null or { IsFaulted: true } or { IsCanceled: true })
            {
                _started = SubscribeAsync();
            }

            // One caller giving up does not take the others with it.
            return _started.WaitAsync(cancellationToken);
        }
    }

    /// <summary>
    /// Sends one request and returns when the response head is here; the body is read through the content's stream. A 101 answer's
    /// content is a duplex stream.
    /// </summary>
    /// <exception cref="TunnelException">Why there is no response.</exception>
    /// <exception cref="InvalidOperationException">More than 4,294,967,295 requests were sent (<see cref="IsUsedUp"/>).</exception>
    public async Task<HttpResponseMessage> SendAsync(TunnelTarget target, HttpRequestMessage request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(request);
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_started is not { IsCompletedSuccessfully: true })
        {
            await StartAsync(cancellationToken).ConfigureAwait(false);
        }

        using var activity = TunnelTelemetry.StartClient(request, target);
        var device = _devices.GetOrAdd(target.Device, static (id, self) => new(id, self.ClientId, self._options.AcceptTimeoutFloor), this);
        var started = _context.Clock.Now;
        for (var attempt = 0; ; attempt++)
        {
            var exchange = new ClientExchange(this, _context, device, target, request);
            try
            {
                var response = await exchange.RunAsync(cancellationToken).ConfigureAwait(false);
                TunnelTelemetry.ClientDone(activity, _context.Clock.Now - started, (int)response.StatusCode);
                return response;
            }
            catch (TunnelException e) when (e.Error == TunnelError.Expired && attempt == 0)
            {
                // The node's clock differs; it said by how much, and that it started nothing.
            }
            catch (TunnelException e)
            {
                TunnelTelemetry.ClientFailed(activity, e.Error);
                throw;
            }
        }
    }

    /// <summary>Asks every instance of the device that has open streams for a sign of life; those that are gone fail their streams at once.</summary>
    public void CheckAlive(DeviceId device)
    {
        foreach (var (_, peer) in _peers)
        {
            if (peer.Device.Id == device && peer.HasStreams)
            {
                peer.Ping();
            }
        }
    }

    /// <summary>Fails what is open and tells the nodes.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        foreach (var (_, peer) in _peers)
        {
            if (peer.HasStreams)
            {
                peer.SendControl(ControlFrames.GoAway(new(peer.Boot, 0)));
            }
        }

        foreach (var (_, stream) in _streams)
        {
            stream.Fail(new TunnelException(TunnelError.CarrierClosed), tell: false);
        }

        _timer.Dispose();
        Pump.Stop();
        if (_started is { IsCompletedSuccessfully: true })
        {
            await _carrier.UnsubscribeAsync(ReplySubject, CancellationToken.None).ConfigureAwait(false);
            await _carrier.UnsubscribeAsync(OfflineSubject, CancellationToken.None).ConfigureAwait(false);
        }
    }

    internal ClientStream AddStream(ClientDevice device, TimeSpan deadline, bool isHead)
    {
        var now = _context.Clock.Now;
        var id = NextId();
        var stream = new ClientStream(this, _context, device, id, now, isHead)
        {
            AcceptDue = now + device.AcceptTimeout,
            // The node answers 504 at the deadline; only when that does not come do we end it here.
            Deadline = deadline == TimeSpan.MaxValue ? deadline : now + deadline + device.AcceptTimeout,
        };
        _streams[id] = stream;
        _timer.Need(stream.AcceptDue < stream.Deadline ? stream.AcceptDue : stream.Deadline);
        return stream;
    }

    internal ClientPeer PeerFor(ClientDevice device, InstanceId instance) =>
        _peers.GetOrAdd(instance.Boot, static (_, s) => new(s.Self, s.Self._context, s.Device, s.Self.Pump, s.Instance), (Self: this, Device: device, Instance: instance));

    internal bool IsOpening(uint streamId) => _streams.TryGetValue(streamId, out var stream) && !stream.Heard;

    /// <summary>The whole request fits in its first message, so its content is buffered and may be sent again.</summary>
    internal bool CanInline(HttpContent? content) => content is null || content.Headers.ContentLength <= _options.Limits.MaxInlinedBody;

    internal TimeSpan DefaultDeadline => _options.DefaultDeadline ?? TimeSpan.MaxValue;

    private uint NextId()
    {
        // Counted in 64 bits, so that it never comes round.
        var id = Interlocked.Increment(ref _lastStreamId);
        return id <= uint.MaxValue ? (uint)id : throw new InvalidOperationException("The stream ids of this client are used up; make a new one (see TunnelClients).");
    }
}
