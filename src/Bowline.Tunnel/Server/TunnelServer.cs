using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Bowline.Core.Identity;
using Bowline.Nats;
using Microsoft.Extensions.Logging;

namespace Bowline.Tunnel;

/// <summary>
/// Serves exchanges for one device. It may be attached to several connections at a time; attaching a second and detaching the first
/// moves what is open without losing a byte.
/// </summary>
public sealed partial class TunnelServer : IAsyncDisposable
{
    private readonly TunnelServerOptions _options;
    private readonly TunnelContext _context;
    private readonly IIdempotencyKeys _keys;
    private readonly DueTimer _timer;
    private readonly byte[] _deviceName;
    private readonly ConcurrentDictionary<string, ServerPeer> _peers = new(Utf8KeyComparer.Instance);
    private readonly ConcurrentDictionary<string, ServerPeer>.AlternateLookup<ReadOnlySpan<byte>> _peersByBytes;
    private readonly Lock _gate = new();
    private ServerInstance[] _instances = [];
    private ServerInstance[] _leaving = [];
    private InstanceId[] _unsaid = [];
    private uint _lastNumber;
    private int _running;

    /// <summary>A server that is attached to nothing yet.</summary>
    public TunnelServer(DeviceId device, TunnelServerOptions options, TimeProvider timeProvider, ILoggerFactory loggerFactory)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(timeProvider);
        ArgumentNullException.ThrowIfNull(loggerFactory);
        Device = device;
        _options = options;
        _keys = options.IdempotencyKeys ?? new MemoryIdempotencyKeys(timeProvider);
        _deviceName = Encoding.ASCII.GetBytes(device.ToString());
        _context = new(new MonotonicClock(timeProvider), loggerFactory.CreateLogger<TunnelServer>(), options.Limits);
        _timer = new(_context.Clock, Sweep);
        _peersByBytes = _peers.GetAlternateLookup<ReadOnlySpan<byte>>();
        Boot = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8));
    }

    /// <summary>The device whose exchanges are served.</summary>
    public DeviceId Device { get; }

    /// <summary>What is served, by name.</summary>
    public TunnelServices Services { get; } = new();

    /// <summary>Exchanges whose handler runs now.</summary>
    public int RunningExchanges => Volatile.Read(ref _running);

    internal ulong Boot { get; }

    /// <summary>More than one connection may have frames under way. One that is being taken out is in both lists for a moment, never in none.</summary>
    internal bool IsMoving => Volatile.Read(ref _instances).Length + Volatile.Read(ref _leaving).Length > 1;

    internal bool IsLeaving(ServerInstance instance) => Volatile.Read(ref _leaving).Contains(instance);

    /// <summary>The instance that new frames of a connection go out by.</summary>
    internal ServerInstance? Newest => Volatile.Read(ref _instances) is [.., var last] ? last : null;

    /// <summary>Serves over a NATS connection as well; returns the name of the new instance. The connection stays the caller's.</summary>
    public Task<string> AttachAsync(NatsConnection connection, CancellationToken cancellationToken = default) =>
        AttachAsync(new NatsServerCarrier(connection), cancellationToken);

    /// <summary>Serves over a carrier as well; returns the name of the new instance.</summary>
    public async Task<string> AttachAsync(ITunnelCarrier carrier, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(carrier);
        ServerInstance instance;
        lock (_gate)
        {
            instance = new(this, new(Boot, ++_lastNumber), carrier, new(carrier, _context.Logger));
        }

        // First the way back in, then opens: an answer to the very first open must find us.
        await carrier.SubscribeAsync(instance.InSubject, null, instance, cancellationToken).ConfigureAwait(false);
        lock (_gate)
        {
            _instances = [.. _instances, instance];
        }

        await carrier.SubscribeAsync(OpenSubject, QueueGroup, new MessagesOnly(instance), cancellationToken).ConfigureAwait(false);
        await carrier.FlushAsync(cancellationToken).ConfigureAwait(false);
        SayGone(instance);
        TunnelLog.Attached(_context.Logger, instance.Id.Token);
        return instance.Id.Token;
    }

    /// <summary>Says goodbye on every connection and fails what is open.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var instance in Volatile.Read(ref _instances))
        {
            await StopInstanceAsync(instance, CancellationToken.None).ConfigureAwait(false);
        }

        foreach (var (_, peer) in _peers)
        {
            peer.FailAll(TunnelError.ServerStopping, tell: false);
        }

        _timer.Dispose();
    }

    private const string QueueGroup = "tunnel";

    /// <summary>Connections whose end is still to be told; of older ones the next ping tells.</summary>
    private const int MaxUnsaid = 16;

    private string OpenSubject => $"{TunnelSubjects.Prefix}{Device}.open";

    private async Task StopInstanceAsync(ServerInstance instance, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _instances = [.. _instances.Where(i => i != instance)];
        }

        foreach (var (_, peer) in _peers)
        {
            if (peer.StreamCount > 0)
            {
                instance.Pump.SendControl(peer.ReplySubject, default, ControlFrames.GoAway(instance.Id));
            }
        }

        // It may be dead without a sign, so that nobody hears it: say so where somebody does.
        lock (_gate)
        {
            if (_instances.Length == 0)
            {
                _unsaid = [.. _unsaid.TakeLast(MaxUnsaid - 1), instance.Id];
            }
        }

        if (Newest is { } newest)
        {
            SendGoAway(newest, instance.Id);
        }

        if (instance.Carrier.IsConnected)
        {
            await instance.Carrier.UnsubscribeAsync(OpenSubject, cancellationToken).ConfigureAwait(false);
            await instance.Carrier.UnsubscribeAsync(instance.InSubject, cancellationToken).ConfigureAwait(false);
        }

        instance.Pump.Stop();
    }

    /// <summary>Says goodbye for connections that were left when there was no other to say it on.</summary>
    private void SayGone(ServerInstance instance)
    {
        InstanceId[] gone;
        lock (_gate)
        {
            gone = _unsaid;
            _unsaid = [];
        }

        foreach (var id in gone)
        {
            SendGoAway(instance, id);
        }
    }

    /// <summary>To clients without streams too: they may have some that we have ended, and the frame that said so was lost.</summary>
    private void SendGoAway(ServerInstance way, InstanceId gone)
    {
        foreach (var (_, peer) in _peers)
        {
            way.Pump.SendControl(peer.ReplySubject, default, ControlFrames.GoAway(gone));
        }
    }
}
