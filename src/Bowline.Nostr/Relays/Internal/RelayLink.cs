using System.Net.WebSockets;
using Bowline.Core.Health;
using Microsoft.Extensions.Logging;

namespace Bowline.Nostr;

/// <summary>The thin shell around <see cref="LinkMachine"/>: a lock, a timer and the sockets. All tasks are kept and waited for.</summary>
internal sealed partial class RelayLink : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly RelayClientOptions _options;
    private readonly LinkClock _clock;
    private readonly VerifiedEvents _verified;
    private readonly HealthTracker _health;
    private readonly Action<LinkEffect.MoveKey> _moveKey;
    private readonly ILogger _logger;
    private readonly LinkMachine _machine;
    private readonly Dictionary<int, RelaySocket> _sockets = [];
    private readonly HashSet<Task> _tasks = [];
    private readonly CancellationTokenSource _ended = new();
    private readonly ITimer _timer;
    private CancellationTokenSource? _dialing;
    private TimeSpan? _armed;
    private bool _wasOverfull;
    private bool _isDisposed;

    public RelayLink(Uri relay, RelayClientOptions options, LinkClock clock, VerifiedEvents verified, HealthTracker health, Random random, Action<LinkEffect.MoveKey> moveKey)
    {
        Relay = relay;
        _options = options;
        _clock = clock;
        _verified = verified;
        _health = health;
        _moveKey = moveKey;
        _logger = options.LoggerFactory.CreateLogger<RelayConnection>();
        _machine = new LinkMachine(relay, options, random);
        _timer = options.TimeProvider.CreateTimer(static state => ((RelayLink)state!).Post(new LinkEvent.Ticked()), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public Uri Relay { get; }

    /// <summary>Called after a change of phase, with the gate held; must not block.</summary>
    public Action<RelayPhase>? OnPhase { get; init; }

    public RelayStatus Status
    {
        get
        {
            lock (_gate)
            {
                return new(_machine.Phase, _machine.Connects, _machine.Requests, _machine.Subscriptions, _machine.Forged, _machine.Malformed, _machine.LastError);
            }
        }
    }

    /// <summary>Something happened that delivers no event.</summary>
    public void Post(LinkEvent occurred) => _ = Step(occurred);

    /// <summary>A message came; waits until its event has found room with everyone who wants it.</summary>
    public async ValueTask ReceiveAsync(LinkEvent.Received received)
    {
        foreach (var effect in Step(received))
        {
            // Not tied to the socket: what the machine counted as seen has to arrive.
            Telemetry.Delivered.Add(1, Telemetry.Tag(Relay));
            await effect.Subscription.Queue.DeliverAsync(effect.Event, Relay, _ended.Token).ConfigureAwait(false);
        }
    }

    /// <summary>The next message for this socket.</summary>
    public ClientMessage? Next(int op)
    {
        lock (_gate)
        {
            var message = _machine.Next(op, _clock.Now);
            if (_machine.Overfull != _wasOverfull)
            {
                _wasOverfull = _machine.Overfull;
                Report(_wasOverfull);
            }

            return message;
        }
    }

    public async ValueTask DisposeAsync()
    {
        List<RelaySocket> sockets;
        List<Task> tasks;
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
            sockets = [.. _sockets.Values];
        }

        await Task.WhenAll(sockets.Select(static socket => socket.CloseAsync())).ConfigureAwait(false);
        Post(new LinkEvent.Stopped());
        await _ended.CancelAsync().ConfigureAwait(false);
        await _timer.DisposeAsync().ConfigureAwait(false);
        lock (_gate)
        {
            tasks = [.. _tasks];
        }

        await Task.WhenAll(tasks).ConfigureAwait(false);
        _ended.Dispose();
    }

    private List<LinkEffect.Deliver> Step(LinkEvent occurred)
    {
        List<LinkEffect.Deliver> deliveries = [];
        List<LinkEffect.MoveKey>? moves = null;
        lock (_gate)
        {
            var before = _machine.Phase;
            foreach (var effect in _machine.Handle(occurred, _clock.Now))
            {
                switch (effect)
                {
                    case LinkEffect.Deliver deliver:
                        deliveries.Add(deliver);
                        break;
                    case LinkEffect.MoveKey move:
                        (moves ??= []).Add(move);
                        break;
                    default:
                        Perform(effect);
                        break;
                }
            }

            if (_machine.WantsToSend)
            {
                foreach (var socket in _sockets.Values)
                {
                    socket.Wake();
                }
            }

            if (occurred is LinkEvent.Garbage garbage)
            {
                (garbage.IsForged ? Telemetry.Forged : Telemetry.Garbage).Add(1, Telemetry.Tag(Relay));
                LogGarbage(Relay, garbage.Text, garbage.IsForged);
            }

            if (before != _machine.Phase)
            {
                LogPhase(Relay, _machine.Phase, _machine.LastError);
                OnPhase?.Invoke(_machine.Phase);
            }

            // A timer may be early, and after a sleep less is left than it was set to.
            _armed = occurred is LinkEvent.Ticked or LinkEvent.Resumed ? null : _armed;
            Arm();
        }

        // Outside the gate: another link takes them under its own.
        foreach (var move in moves ?? [])
        {
            _moveKey(move);
        }

        return deliveries;
    }

    private void Perform(LinkEffect effect)
    {
        switch (effect)
        {
            case LinkEffect.Dial dial:
                Dial(dial.Op);
                break;
            case LinkEffect.Orphan orphan:
                LogOrphan(Relay, orphan.Text);
                _ = _dialing?.CancelAsync();
                if (_sockets.Remove(orphan.Op, out var socket))
                {
                    socket.Abort();
                }

                break;
            case LinkEffect.Stored stored:
                stored.Subscription.Queue.Stored(Relay);
                break;
            case LinkEffect.Excused excused:
                excused.Subscription.Queue.Excuse(Relay);
                break;
            case LinkEffect.Ended ended:
                ended.Subscription.Queue.End(Relay, ended.Error);
                break;
            case LinkEffect.Finished finished:
                finished.Publish.Finish(finished.Outcome);
                break;
            case LinkEffect.Raise raise:
                _health.Raise(raise.Code, raise.Text);
                break;
            case LinkEffect.Clear clear:
                _health.Clear(clear.Code);
                break;
        }
    }

    private void Arm()
    {
        var due = _isDisposed ? null : _machine.NextWake;
        if (due == _armed)
        {
            return;
        }

        _armed = due;
        var now = _clock.Now.Elapsed;
        _timer.Change(due is { } at ? (at > now ? at - now : TimeSpan.Zero) : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private void Report(bool isOverfull)
    {
        if (isOverfull)
        {
            _health.Raise(RelayHealth.Full, $"{Relay} allows no more subscriptions on one connection; some of ours wait until others end.");
        }
        else
        {
            _health.Clear(RelayHealth.Full);
        }
    }

    private void Dial(int op)
    {
        if (_isDisposed)
        {
            return;
        }

        Keep(InformAsync());
        Keep(ConnectAsync(op));
    }

    /// <summary>Keeps a task until it has ended. Called with the gate held.</summary>
    private void Keep(Task task)
    {
        _tasks.Add(task);
        _ = task.ContinueWith(
            ended =>
            {
                lock (_gate)
                {
                    _tasks.Remove(ended);
                }

                if (ended.Exception is { } error)
                {
                    LogUnexpected(error, Relay);
                }
            },
            CancellationToken.None,
            TaskContinuationOptions.None,
            TaskScheduler.Default);
    }

    private async Task InformAsync()
    {
        await Task.Yield();
        Post(new LinkEvent.Informed(await InformationClient.FetchAsync(Relay, _options, _ended.Token).ConfigureAwait(false)));
    }

    private async Task ConnectAsync(int op)
    {
        var dialing = CancellationTokenSource.CreateLinkedTokenSource(_ended.Token);
        _dialing = dialing;
        await Task.Yield();
        var client = new ClientWebSocket();
        string? failure = null;
        try
        {
            await OpenAsync(client, dialing.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or InvalidOperationException or HttpRequestException)
        {
            failure = e is OperationCanceledException ? "no answer in time" : e.InnerException?.Message ?? e.Message;
        }

        lock (_gate)
        {
            _dialing = _dialing == dialing ? null : _dialing;
            dialing.Dispose();
        }

        if (failure is not null)
        {
            client.Dispose();
            Post(new LinkEvent.DialFailed(op, failure));
            return;
        }

        using var socket = new RelaySocket(this, op, client, _options, _verified);
        await RunAsync(op, socket).ConfigureAwait(false);
    }

    private async Task RunAsync(int op, RelaySocket socket)
    {
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            _sockets[op] = socket;
        }

        Telemetry.Opened.Add(1, Telemetry.Tag(Relay));
        Post(new LinkEvent.Dialed(op));
        var reason = "its reader failed";
        try
        {
            reason = await socket.RunAsync().ConfigureAwait(false);
        }
        finally
        {
            Telemetry.Lost.Add(1, Telemetry.Tag(Relay));
            lock (_gate)
            {
                _sockets.Remove(op);
            }

            Post(new LinkEvent.Lost(op, reason));
        }
    }

    private async Task OpenAsync(ClientWebSocket client, CancellationToken cancellationToken)
    {
        client.Options.KeepAliveInterval = _options.PingInterval;
        client.Options.KeepAliveTimeout = _options.PingTimeout;
        _options.ConfigureWebSocket?.Invoke(Relay, client.Options);
        using var late = new CancellationTokenSource(_options.ConnectTimeout, _options.TimeProvider);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        await client.ConnectAsync(Relay, _options.Http, limit.Token).ConfigureAwait(false);
    }
}
