using System.Threading.Channels;

namespace Bowline.WebRtc;

/// <summary>
/// A connection over libnice (ICE), OpenSSL (DTLS) and usrsctp (SCTP). The negotiation takes turns behind one semaphore and calls
/// libnice only there; what the engine's threads tell takes short locks under which nothing else is called.
/// </summary>
public sealed partial class PeerConnection : IPeerConnection, IIcePathOwner, ITransportOwner
{
    /// <summary>Addresses that wait for a reader. Beyond it they are dropped and counted, and still stand in <see cref="LocalDescription"/>.</summary>
    private const int MostWaitingCandidates = 256;

    /// <summary>For how long the old addresses still take datagrams after a restart of ICE: the other side may change over later.</summary>
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(5);

    /// <summary>For how long the end of a connection waits for its sockets: a TURN server is told, and may not answer.</summary>
    private static readonly TimeSpan ClosingLimit = TimeSpan.FromSeconds(1);

    private static readonly Lazy<DtlsCertificate> ProcessCertificate = new(static () => DtlsCertificate.Create(TimeProvider.System));

    private readonly WebRtcEngine _engine;
    private readonly PeerConnectionOptions _options;
    private readonly DtlsCertificate _certificate;
    private readonly ChannelTable _channels;
    private readonly PeerTransport _transport;
    private readonly PeerStatus _status = new();
    private readonly OwnedTasks _tasks = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly CancellationToken _isClosing;
    private readonly Lazy<Task> _disposal;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Channel<IceCandidate> _found = Channel.CreateBounded<IceCandidate>(MostWaitingCandidates);

    private PeerConnection(WebRtcEngine engine, PeerConnectionOptions options)
    {
        (_engine, _options) = (engine, options);
        _certificate = options.Certificate ?? ProcessCertificate.Value;
        _channels = new(options);
        _transport = new(engine, options, _channels, this);
        _isClosing = _closing.Token;
        _disposal = new(DisposeOnceAsync);
    }

    /// <summary>Whether the native libraries are here, so that <see cref="Create"/> works.</summary>
    public static bool IsSupported => NativeLibraries.Exist;

    /// <summary>What is missing and how to install it; null when <see cref="Create"/> works.</summary>
    public static string? UnsupportedReason => IsSupported ? null : NativeLibraries.Missing;

    /// <inheritdoc/>
    public PeerConnectionStatus Status => _status.Current;

    /// <inheritdoc/>
    public bool IsSuspect => _transport.IsSuspect;

    /// <summary>Makes a connection that has negotiated nothing yet.</summary>
    /// <param name="options">What it is made with; null for the defaults.</param>
    /// <returns>The connection.</returns>
    /// <exception cref="PlatformNotSupportedException">A native library is missing; the message says what to install.</exception>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static PeerConnection Create(PeerConnectionOptions? options = null)
    {
        options ??= new();
        options.Validate();
        return new(WebRtcEngine.Shared, options);
    }

    /// <inheritdoc/>
    public IDataChannel CreateDataChannel(string label, DataChannelOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(label);
        return _channels.Create(label, options ?? new());
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<IceCandidate> ReadCandidatesAsync(CancellationToken cancel = default) => _found.Reader.ReadAllAsync(cancel);

    /// <inheritdoc/>
    public IAsyncEnumerable<IDataChannel> ReadChannelsAsync(CancellationToken cancel = default) => _channels.ReadIncomingAsync(cancel);

    /// <inheritdoc/>
    public IAsyncEnumerable<PeerConnectionStatus> WatchAsync(CancellationToken cancel = default) => _status.WatchAsync(cancel);

    /// <inheritdoc/>
    public void SetSuspect(bool isSuspect) => _transport.SetSuspect(isSuspect);

    /// <inheritdoc/>
    public void UsePath(IDatagramPath path)
    {
        ArgumentNullException.ThrowIfNull(path);
        path.Start(_transport);
        _transport.UsePath(path);
        _status.Change(status => _transport.Uses(path) ? status with { Pair = null } : status);
    }

    /// <inheritdoc/>
    public PeerStatistics GetStatistics()
    {
        var association = _transport.Association;
        var status = association?.ReadStatus();
        var (packets, bytes, retransmits) = association?.ReadCounters() ?? default;
        var counters = _channels.Counters;
        return new()
        {
            Pair = Status.Pair,
            RoundTrip = status is { } measured ? TimeSpan.FromMilliseconds(measured.SmoothedRoundTrip) : null,
            RetransmissionTimeout = status is { } timed ? TimeSpan.FromMilliseconds(timed.RetransmissionTimeout) : null,
            CongestionWindow = status?.CongestionWindow ?? 0,
            PacketsSent = packets,
            BytesSent = bytes,
            Retransmits = retransmits,
            PacketsSuppressed = counters.PacketsSuppressed,
            DatagramsReceived = counters.DatagramsIn,
            BytesReceived = counters.BytesIn,
            DatagramsRefused = counters.DatagramsRefused,
            MessagesReceived = counters.MessagesIn,
            MessageBytesReceived = counters.MessageBytesIn,
            MessagesRefused = counters.MessagesRefused,
            CandidatesDropped = counters.CandidatesDropped,
            SinceReceived = _transport.LastReceived is not 0 and var last ? _options.Time.GetElapsedTime(last) : null,
        };
    }

    /// <summary>Closes the connection: the other side is told, and every channel ends.</summary>
    /// <returns>A task that ends when the sockets are given back, which a TURN server that does not answer delays for at most a second.</returns>
    public ValueTask DisposeAsync() => new(_disposal.Value);

    private async Task DisposeOnceAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        await _turn.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        IceGeneration?[] generations;
        lock (_gate)
        {
            _signaling = SignalingState.Closed;
            generations = [_current, _pending, .. _retired];
            (_current, _pending) = (null, null);
            _retired.Clear();
        }

        _turn.Release();
        await _transport.DisposeAsync().ConfigureAwait(false);
        _found.Writer.TryComplete();
        await _tasks.WaitAsync().ConfigureAwait(false);
        await Task.WhenAll(generations.OfType<IceGeneration>().Select(static generation => generation.Path.DisposeAsync().AsTask()))
            .WaitAsync(ClosingLimit, _options.Time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _closing.Dispose();
    }

    void ITransportOwner.TransportUp() => _status.Change(static status => status with { State = PeerConnectionState.Connected });

    void ITransportOwner.TransportEnded(WebRtcException reason) => _status.Change(status => status with
    {
        State = reason.Error is WebRtcError.Closed or WebRtcError.ClosedByPeer ? PeerConnectionState.Closed : PeerConnectionState.Failed,
        Failure = reason.Error == WebRtcError.Closed ? null : reason,
    });
}
