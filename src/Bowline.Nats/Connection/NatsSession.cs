namespace Bowline.Nats;

/// <summary>
/// One transport to one server, from after the handshake until its first failure. The connection replaces it with another; it is
/// never waited for: what is stuck in it is orphaned and closed later.
/// </summary>
internal sealed class NatsSession
{
    private readonly NatsConnection _connection;
    private readonly ProtocolReader _reader;
    private readonly TaskCompletionSource<Exception> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _abandoned = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile NatsServerInfo _info;
    private volatile NatsServerException? _lastError;
    private NatsSubBase? _pausedBy;
    private volatile NatsSubBase? _unprovenPause;
    private volatile bool _paused;
    private int _pauses;
    private int _unanswered;

    public NatsSession(NatsConnection connection, INatsTransport transport, ProtocolReader reader, NatsServerInfo info, Uri uri)
    {
        _connection = connection;
        Transport = transport;
        _reader = reader;
        _info = info;
        Uri = uri;
        Output = new OutputBuffer(transport, connection.Opts.TimeProvider, Fail);
    }

    public INatsTransport Transport { get; }

    public OutputBuffer Output { get; }

    public Uri Uri { get; }

    public PongQueue Pongs { get; } = new();

    public NatsServerInfo Info => _info;

    /// <summary>Completes with the first failure.</summary>
    public Task<Exception> Ended => _ended.Task;

    public bool HasEnded => _ended.Task.IsCompleted;

    /// <summary>Messages and bytes received; written by the read loop only.</summary>
    public long Messages { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>The subscription whose pause the server may have answered by cutting us off, when that is what ended the session.</summary>
    public NatsSubBase? SlowSub { get; private set; }

    public void Fail(Exception reason)
    {
        if (_lastError is { } error && reason is not NatsException)
        {
            reason = error;
        }

        SlowSub ??= _unprovenPause;
        if (!_ended.TrySetResult(reason))
        {
            return;
        }

        Output.Close();
        _abandoned.TrySetResult();
        Pongs.FailAll(new NatsDisconnectedException("The connection was lost.", reason));
    }

    /// <summary>Sends a PING whose PONG completes the waiter.</summary>
    public bool TryPing(TaskCompletionSource? waiter) =>
        Output.TryControl("PING\r\n"u8, (Pongs, waiter), static state => state.Pongs.Add(state.waiter));

    /// <summary>Called by the keepalive timer: false when too many PINGs are unanswered.</summary>
    public bool KeepAlive(int maxOut)
    {
        // While a full subscription pauses reading, PONGs cannot be seen; the server's own patience is the limit then.
        if (_paused)
        {
            return true;
        }

        if (Interlocked.Increment(ref _unanswered) > maxOut)
        {
            return false;
        }

        TryPing(null);
        return true;
    }

    /// <summary>Asked by a full subscription, on the read loop.</summary>
    public void Pause(NatsSubBase by) => _pausedBy ??= by;

    /// <summary>Reads until the transport or the server ends. Never throws.</summary>
    public async Task RunAsync()
    {
        try
        {
            while (!HasEnded)
            {
                while (!Dispatch())
                {
                    _connection.AfterRead.RunOnPool();
                    await WaitWhilePausedAsync().ConfigureAwait(false);
                    if (HasEnded)
                    {
                        return;
                    }
                }

                var count = await _connection.AfterRead.Arm(Transport.ReceiveAsync(_reader.GetMemory()));
                if (count == 0)
                {
                    throw (Exception?)_lastError ?? new NatsDisconnectedException("The server closed the connection.");
                }

                _reader.Advance(count);
            }
        }
        catch (Exception e)
        {
            Fail(e);
        }
        finally
        {
            _connection.AfterRead.RunOnPool();
        }
    }

    public void UpdateInfo(NatsServerInfo info)
    {
        _reader.MaxPayload = Math.Max(_reader.MaxPayload, info.MaxPayload);
        _info = info;
    }

    /// <summary>
    /// Handles what is complete in the buffer; false when a subscription paused reading. One session of a connection at a time, so that
    /// a subscription is never handed messages by an old and a new one at once.
    /// </summary>
    private bool Dispatch()
    {
        lock (_connection.DispatchGate)
        {
            return DispatchBatch();
        }
    }

    private bool DispatchBatch()
    {
        Output.BeginBatch();
        try
        {
            while (!HasEnded && _reader.TryRead(out var op))
            {
                switch (op.Kind)
                {
                    case ServerOpKind.Msg:
                        Messages++;
                        Bytes += op.Size;
                        _connection.Deliver(this, op.Sid, op.Msg);
                        if (_pausedBy is not null)
                        {
                            return false;
                        }

                        break;
                    case ServerOpKind.Ping:
                        Output.TryControl("PONG\r\n"u8);
                        break;
                    case ServerOpKind.Pong:
                        Volatile.Write(ref _unanswered, 0);
                        Pongs.Pong();
                        break;
                    case ServerOpKind.Info:
                        UpdateInfo(Handshake.ParseInfo(op.Text));
                        _connection.InfoChanged(this);
                        break;
                    case ServerOpKind.Err:
                        HandleError(System.Text.Encoding.UTF8.GetString(op.Text));
                        break;
                    default:
                        break;
                }
            }

            return true;
        }
        finally
        {
            Output.EndBatch();
        }
    }

    private async ValueTask WaitWhilePausedAsync()
    {
        var sub = _pausedBy!;
        _pausedBy = null;
        _paused = true;
        _unprovenPause = sub;
        _connection.LogPaused(sub);
        var room = sub.WaitForRoomAsync();
        if (!room.IsCompleted)
        {
            var waiting = room.AsTask();
            await Task.WhenAny(waiting, _abandoned.Task).ConfigureAwait(false);
        }

        _paused = false;
        Volatile.Write(ref _unanswered, 0);

        // Only a PONG asked for after the latest pause proves that the server did not cut us off during it.
        var proof = new TaskCompletionSource(TaskCreationOptions.None); // What follows sets one field.
        _ = ClearWhenProvenAsync(proof.Task, ++_pauses);
        TryPing(proof);
    }

    private async Task ClearWhenProvenAsync(Task pong, int pause)
    {
        await pong.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (pong.IsCompletedSuccessfully && pause == _pauses && !_paused)
        {
            _unprovenPause = null;
        }
    }

    private void HandleError(string text)
    {
        var error = ServerErrors.Parse(text);
        if (ServerErrors.ClosesConnection(text))
        {
            _lastError = error;
        }

        _connection.ServerErrorReceived(error);
    }
}
