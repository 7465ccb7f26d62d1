namespace Bowline.Tunnel;

public sealed partial class TunnelServer
{
    /// <summary>
    /// Leaves a connection. Streams on it move to the newest other one and go on without a lost, repeated or reordered byte; those that
    /// do not manage within <see cref="TunnelServerOptions.MoveTimeout"/>, or have nowhere to go, are reset.
    /// </summary>
    /// <param name="instanceName">What <see cref="AttachAsync(ITunnelCarrier, CancellationToken)"/> returned.</param>
    /// <param name="cancellationToken">Gives up waiting: what has not moved by then is reset.</param>
    public async Task DetachAsync(string instanceName, CancellationToken cancellationToken = default)
    {
        await _moveGate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var old = Array.Find(Volatile.Read(ref _instances), i => i.Id.Token == instanceName);
            if (old is null)
            {
                return;
            }

            lock (_gate)
            {
                _instances = [.. _instances.Where(i => i != old)];
            }

            if (Newest is { } newest)
            {
                _moving = true;
                await MoveAsync(old, newest, cancellationToken).ConfigureAwait(false);
            }

            await StopInstanceAsync(old, CancellationToken.None).ConfigureAwait(false);
            foreach (var stream in StreamsOn(old))
            {
                // Nowhere to go, and its client has been told goodbye.
                stream.Fail(new TunnelException(TunnelError.ServerStopping), tell: false);
            }
        }
        finally
        {
            _moving = false;
            _ = _moveGate.Release();
        }
    }

    private async Task MoveAsync(ServerInstance old, ServerInstance newest, CancellationToken cancellationToken)
    {
        var moved = new List<(ServerStream Stream, Task Settled)>();
        try
        {
            // After this flush every open that the old connection was given has been seen.
            await old.Carrier.UnsubscribeAsync(OpenSubject, cancellationToken).ConfigureAwait(false);
            await old.Carrier.FlushAsync(cancellationToken).ConfigureAwait(false);
            ServerStream[] streams = [.. StreamsOn(old)];
            foreach (var stream in streams)
            {
                stream.BeginMove();
            }

            // After this one every frame sent so far is in front of what follows on the new connection.
            await old.Carrier.FlushAsync(cancellationToken).ConfigureAwait(false);
            foreach (var stream in streams)
            {
                moved.Add((stream, stream.MoveTo(newest)));
            }

            await Task.WhenAll(moved.Select(static m => m.Settled)).WaitAsync(_options.MoveTimeout, _context.Clock.Provider, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException or Bowline.Nats.NatsException or IOException or ObjectDisposedException)
        {
            TunnelLog.MoveIncomplete(_context.Logger, old.Id.Token, e);
        }

        var lost = 0;
        foreach (var (stream, settled) in moved)
        {
            if (!settled.IsCompleted && stream.IsOpen)
            {
                lost++;
                stream.Fail(new TunnelException(TunnelError.Moved), tell: true);
            }
        }

        foreach (var stream in StreamsOn(old))
        {
            // The old connection may be what is dead: the client hears of it over the new one.
            lost++;
            stream.Fail(new TunnelException(TunnelError.Moved), tell: false);
            stream.Client.SendReset(newest.Pump, stream.Id, ResetCode.Moved);
        }

        TunnelLog.Detached(_context.Logger, old.Id.Token, moved.Count, lost);
    }

    private IEnumerable<ServerStream> StreamsOn(ServerInstance instance) =>
        _peers.SelectMany(static p => p.Value.Streams).Where(s => ReferenceEquals(s.Instance, instance));
}
