namespace Bowline.Tunnel;

public sealed partial class TunnelServer
{
    /// <summary>
    /// Leaves a connection. Streams on it move to the newest other one and go on without a lost, repeated or reordered byte; those that
    /// have not by the deadline, or have nowhere to go, are reset. Several connections may be left at a time.
    /// </summary>
    /// <param name="instanceName">What <see cref="AttachAsync(ITunnelCarrier, CancellationToken)"/> returned.</param>
    /// <param name="deadline">What has not moved when it fires is reset. Without one, streams have as long as the connection and their client live.</param>
    public async Task DetachAsync(string instanceName, CancellationToken deadline = default)
    {
        ServerInstance? old;
        lock (_gate)
        {
            old = Array.Find(_instances, i => i.Id.Token == instanceName);
            if (old is null)
            {
                return;
            }

            _instances = [.. _instances.Where(i => i != old)];
            _leaving = [.. _leaving, old];
        }

        try
        {
            if (Newest is not null)
            {
                await MoveAsync(old, deadline).ConfigureAwait(false);
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
            lock (_gate)
            {
                _leaving = [.. _leaving.Where(i => i != old)];
            }
        }
    }

    private async Task MoveAsync(ServerInstance old, CancellationToken deadline)
    {
        List<(ServerStream Stream, Task Settled)> moved = [];
        try
        {
            moved = await SwitchAsync(old, deadline).ConfigureAwait(false);
            using var lost = old.Lost.UnsafeRegister(_ => OnOldLost(old, moved), null);
            await Task.WhenAll(moved.Select(static m => m.Settled)).WaitAsync(deadline).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or Bowline.Nats.NatsException or IOException or ObjectDisposedException)
        {
            TunnelLog.MoveIncomplete(_context.Logger, old.Id.Token, e);
        }

        var left = 0;
        foreach (var (stream, settled) in moved)
        {
            if (!settled.IsCompleted && stream.IsOpen)
            {
                left++;
                stream.Fail(new TunnelException(TunnelError.Moved), tell: true);
            }
        }

        foreach (var stream in StreamsOn(old))
        {
            // The old connection may be what is dead: the client hears of it over the new one.
            left++;
            stream.Fail(new TunnelException(TunnelError.Moved), tell: false);
            if (Newest is { } newest)
            {
                stream.Client.SendReset(newest.Pump, stream.Id, ResetCode.Moved);
            }
        }

        TunnelLog.Detached(_context.Logger, old.Id.Token, moved.Count, left);
    }

    /// <summary>Everything up to the MOVE frames. A connection that is lost meanwhile has lost frames with it, so nothing moves.</summary>
    private async Task<List<(ServerStream Stream, Task Settled)>> SwitchAsync(ServerInstance old, CancellationToken deadline)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline, old.Lost);
        if (!old.Carrier.IsConnected)
        {
            throw new IOException("The connection that is left is lost.");
        }

        // After this every open that the old connection was given has been seen: dropped, it would be a request without an answer.
        await old.Carrier.DrainAsync(OpenSubject, both.Token).ConfigureAwait(false);
        ServerStream[] streams = [.. StreamsOn(old)];
        foreach (var stream in streams)
        {
            stream.BeginMove();
        }

        // After this one every frame sent so far is in front of what follows on the new connection.
        await old.Pump.ControlSentAsync(both.Token).ConfigureAwait(false);
        await old.Carrier.FlushAsync(both.Token).ConfigureAwait(false);
        lock (_gate)
        {
            // Under the lock that takes connections out: nothing moves to one that is being left.
            return Newest is not { } newest ? [] : [.. streams.Select(stream => (stream, stream.MoveTo(newest)))];
        }
    }

    private static void OnOldLost(ServerInstance old, List<(ServerStream Stream, Task Settled)> moved)
    {
        foreach (var (stream, _) in moved)
        {
            if (ReferenceEquals(stream.MovedFrom, old))
            {
                stream.OnOldLost();
            }
        }
    }

    private static void FailIfOldLost(ServerStream stream)
    {
        if (stream.MovedFrom is { Lost.IsCancellationRequested: true })
        {
            stream.OnOldLost();
        }
    }

    private IEnumerable<ServerStream> StreamsOn(ServerInstance instance) =>
        _peers.SelectMany(static p => p.Value.Streams).Where(s => ReferenceEquals(s.Instance, instance));
}
