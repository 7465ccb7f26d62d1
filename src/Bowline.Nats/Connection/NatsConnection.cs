using System.Text;
using Microsoft.Extensions.Logging;

namespace Bowline.Nats;

/// <summary>
/// A connection to NATS that is opened again for ever after a loss, with its subscriptions. Thread-safe; many users share one.
/// </summary>
public sealed partial class NatsConnection : IAsyncDisposable
{
    /// <summary>Keeps reply subjects short, and their buffer on the stack.</summary>
    private const int MaxInboxPrefix = 64;

    private readonly Lock _gate = new();
    private readonly ILogger _logger;
    private readonly Random _random;
    private readonly RequestTable _requests;
    private volatile RequestInbox _inbox;
    private readonly byte[] _inboxPrefixBytes;
    private readonly CancellationTokenSource _stopping = new();
    private volatile NatsSession? _session;
    private volatile bool _disposed;
    private int _state;

    /// <summary>Creates a connection; nothing is sent before <see cref="ConnectAsync"/> or the first use.</summary>
    public NatsConnection(NatsOpts? opts = null)
    {
        Opts = opts ?? NatsOpts.Default;
        _logger = Opts.LoggerFactory.CreateLogger<NatsConnection>();
        _random = Opts.Random ?? new Random(System.Security.Cryptography.RandomNumberGenerator.GetInt32(int.MaxValue));
        _servers = new ServerPool(Opts.Url);
        SubjectRules.CheckPublish(Opts.InboxPrefix);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Opts.InboxPrefix.Length, MaxInboxPrefix, nameof(opts));
        _requests = new RequestTable(Opts.TimeProvider, _random);
        InboxSubject = NewInbox();
        _inboxPrefixBytes = Encoding.UTF8.GetBytes(InboxSubject + ".");
        _inbox = new RequestInbox(InboxSubject, _requests);
        Telemetry.Add(this);
    }

    /// <summary>What this connection was told.</summary>
    public NatsOpts Opts { get; }

    /// <summary>Where the connection stands.</summary>
    public NatsConnectionState ConnectionState => (NatsConnectionState)Volatile.Read(ref _state);

    /// <summary>What the current server said about itself, or null when there is none.</summary>
    public NatsServerInfo? ServerInfo => _session?.Info;

    internal AfterRead AfterRead { get; } = new();

    /// <summary>The subject below which this connection takes the answers of requests.</summary>
    internal string InboxSubject { get; }

    /// <summary>A new subject nobody else uses, below <see cref="NatsOpts.InboxPrefix"/>.</summary>
    public string NewInbox()
    {
        Span<byte> name = stackalloc byte[12];
        System.Security.Cryptography.RandomNumberGenerator.Fill(name);
        return $"{Opts.InboxPrefix}.{Convert.ToHexStringLower(name)}";
    }

    /// <summary>The time one PING takes; also proof that the server has handled everything sent before.</summary>
    /// <exception cref="NatsDisconnectedException">There is no connection, or it was lost meanwhile.</exception>
    public async ValueTask<TimeSpan> PingAsync(CancellationToken cancellationToken = default)
    {
        await EnsureStartedAsync(cancellationToken).ConfigureAwait(false);
        var start = Opts.TimeProvider.GetTimestamp();
        var pong = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_session is not { } session || !session.TryPing(pong))
        {
            throw NotConnected();
        }

        await pong.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        return Opts.TimeProvider.GetElapsedTime(start);
    }

    /// <summary>Ends all subscriptions and the connection. What was published is flushed first, if the server takes it within a second.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposedOnce, 1) != 0)
        {
            return;
        }

        await FlushBeforeCloseAsync().ConfigureAwait(false);
        _disposed = true;
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _starting.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        _starting.Release();
        _session?.Fail(new NatsDisconnectedException("The connection was disposed."));
        if (_supervisor is not null)
        {
            await _supervisor.ConfigureAwait(false);
        }

        Volatile.Write(ref _state, (int)NatsConnectionState.Closed);
        _requests.FailAll(static _ => true, static _ => new NatsDisconnectedException("The connection was disposed."));
        _requests.Stop();
        EndAllSubs();
        ReleaseOpenWaiters(new ObjectDisposedException(nameof(NatsConnection)));
        await StopEventsAsync().ConfigureAwait(false);
        Telemetry.Remove(this);
        _stopping.Dispose();
    }

    internal (long MessagesIn, long BytesIn, long MessagesOut, long BytesOut) Totals()
    {
        var session = _session;
        return session is null
            ? (_messagesIn, _bytesIn, _messagesOut, _bytesOut)
            : (_messagesIn + session.Messages, _bytesIn + session.Bytes, _messagesOut + session.Output.Messages, _bytesOut + session.Output.Bytes);
    }

    private static NatsDisconnectedException NotConnected() => new("There is no open connection.");

    private async ValueTask FlushBeforeCloseAsync()
    {
        if (_session is not { HasEnded: false } session)
        {
            return;
        }

        var pong = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (session.TryPing(pong))
        {
            try
            {
                await pong.Task.WaitAsync(CloseFlushTimeout, Opts.TimeProvider).ConfigureAwait(false);
            }
            catch (Exception e) when (e is TimeoutException or NatsException)
            {
                LogFlushFailed(e);
            }
        }
    }
}
