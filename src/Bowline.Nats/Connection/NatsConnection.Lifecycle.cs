using Bowline.Core.Time;

namespace Bowline.Nats;

public sealed partial class NatsConnection
{
    /// <summary>Disposal waits this long for the server to confirm what was published.</summary>
    private static readonly TimeSpan CloseFlushTimeout = TimeSpan.FromSeconds(1);

    private readonly ServerPool _servers;
    private readonly SemaphoreSlim _starting = new(1, 1);
    private readonly SemaphoreSlim _wake = new(0, 1);
    private TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task? _supervisor;
    private int _disposedOnce;
    private long _messagesIn;
    private long _bytesIn;
    private long _messagesOut;
    private long _bytesOut;
    private volatile bool _moveRequested;

    /// <summary>Opens the connection; returns when it is open.</summary>
    /// <exception cref="NatsException">The first connect failed and <see cref="NatsOpts.RetryOnInitialConnect"/> is off.</exception>
    public async ValueTask ConnectAsync(CancellationToken cancellationToken = default)
    {
        await EnsureStartedAsync(cancellationToken).ConfigureAwait(false);
        await WaitOpenAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Opens a new session now, without waiting for the old one to be found dead. For use after a resume or a change of network.</summary>
    public void Reconnect()
    {
        _session?.Fail(new NatsDisconnectedException("A new connection was asked for."));
        Wake();
    }

    internal void InfoChanged(NatsSession session)
    {
        if (Opts.DiscoverServers)
        {
            _servers.Announce(session.Uri, session.Info.ConnectUrls); // A server joined the cluster, or left it.
        }

        if (!session.Info.LameDuckMode)
        {
            return;
        }

        // Move now: the supervisor opens the next session while this one still serves.
        _moveRequested = true;
        LogLameDuck(session.Uri);
        RaiseEvent(LameDuckModeActivated, new NatsEventArgs($"{session.Uri} is going away."));
        Wake();
    }

    private ValueTask EnsureStartedAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _supervisor is not null ? default : StartAsync(cancellationToken);
    }

    private async ValueTask StartAsync(CancellationToken cancellationToken)
    {
        await _starting.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_supervisor is not null)
            {
                return;
            }

            SetState(NatsConnectionState.Connecting);
            StartEvents();
            NatsSession? first = null;
            try
            {
                using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping.Token);
                first = await OpenAnyAsync(linked.Token).ConfigureAwait(false);
                Install(first);
            }
            catch (NatsException e) when (Opts.RetryOnInitialConnect)
            {
                LogConnectFailed(e);
            }
            catch
            {
                SetState(NatsConnectionState.Closed);
                throw;
            }

            _supervisor = SuperviseAsync(first);
        }
        finally
        {
            _starting.Release();
        }
    }

    /// <summary>Keeps a session open until disposal. Never throws.</summary>
    private async Task SuperviseAsync(NatsSession? session)
    {
        await Task.Yield();
        var backoff = new Backoff(Opts.ReconnectWaitMin, Opts.ReconnectWaitMax, _random);
        while (!_disposed)
        {
            if (session is not null)
            {
                session = await ServeAsync(session).ConfigureAwait(false);
            }

            if (session is null && !_disposed)
            {
                session = await TryReopenAsync(backoff).ConfigureAwait(false);
            }
        }

        if (session is not null)
        {
            Orphan(session);
        }

        await Task.WhenAll(OrphansSnapshot()).ConfigureAwait(false);
    }

    /// <summary>Returns when the session has ended (null), or was replaced because the server asked us to move.</summary>
    private async Task<NatsSession?> ServeAsync(NatsSession session)
    {
        var nextPing = Opts.TimeProvider.GetTimestamp();
        while (!session.HasEnded)
        {
            await WaitAsync(session, Opts.PingInterval).ConfigureAwait(false);
            if (_moveRequested && !session.HasEnded && await TryMoveAsync(session).ConfigureAwait(false) is { } next)
            {
                return next;
            }

            if (!session.HasEnded && Opts.TimeProvider.GetElapsedTime(nextPing) >= Opts.PingInterval)
            {
                nextPing = Opts.TimeProvider.GetTimestamp();
                if (!session.KeepAlive(Opts.MaxPingOut))
                {
                    session.Fail(new NatsDisconnectedException($"{Opts.MaxPingOut} PINGs were not answered."));
                }
            }
        }

        Lost(session, await session.Ended.ConfigureAwait(false));
        return null;
    }

    private async Task<NatsSession?> TryMoveAsync(NatsSession old)
    {
        try
        {
            var next = await OpenAnyAsync(_stopping.Token, avoid: old.Uri).ConfigureAwait(false);
            _moveRequested = false;
            Detach(old);
            old.Fail(new NatsDisconnectedException("Moved to another server."));
            Install(next);
            Orphan(old);
            return next;
        }
        catch (Exception e) when (e is NatsException or OperationCanceledException)
        {
            // Nowhere to go yet; the old session serves until it is cut, and the next PING tries again.
            LogConnectFailed(e);
            return null;
        }
    }

    private async Task<NatsSession?> TryReopenAsync(Backoff backoff)
    {
        try
        {
            if (_penalty)
            {
                var wait = backoff.Next();
                await _wake.WaitAsync(TimeSpan.Zero, CancellationToken.None).ConfigureAwait(false);
                await WaitForWakeAsync(wait).ConfigureAwait(false);
            }

            _penalty = true;
            if (_disposed)
            {
                return null;
            }

            var session = await OpenAnyAsync(_stopping.Token).ConfigureAwait(false);
            Install(session);
            backoff.Reset();
            return session;
        }
        catch (OperationCanceledException) when (_disposed || _stopping.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception e)
        {
            LogConnectFailed(e);
            RaiseEvent(ReconnectFailed, new NatsEventArgs("Reconnecting failed.", e));
            return null;
        }
    }

    /// <summary>Tries every known server once.</summary>
    private async Task<NatsSession> OpenAnyAsync(CancellationToken cancellationToken, Uri? avoid = null)
    {
        NatsException? last = null;
        _servers.Follow(Opts.UrlCallback?.Invoke());
        for (var attempts = _servers.Count; attempts > 0; attempts--)
        {
            var uri = _servers.Next();
            if (avoid is not null && uri == avoid)
            {
                continue;
            }

            using var activity = Telemetry.Source.StartActivity("nats.connect");
            try
            {
                var session = await Handshake.OpenAsync(this, uri, cancellationToken).ConfigureAwait(false);
                if (Opts.DiscoverServers)
                {
                    _servers.Announce(uri, session.Info.ConnectUrls);
                }

                return session;
            }
            catch (NatsException e)
            {
                activity?.SetStatus(System.Diagnostics.ActivityStatusCode.Error, e.Message);
                last = e;
            }
        }

        throw last ?? new NatsConnectionFailedException("There is no other server.");
    }
}
