namespace Bowline.WebRtc;

/// <summary>
/// The sending half of a path. Datagrams leave in the order of the calls, whichever threads make them: those of a <see cref="SendBurst"/>
/// wait in one queue for its end. Any thread may send, or ask what holds, while the owner closes: the lock keeps agent and socket alive for the length of a call.
/// </summary>
internal sealed class IceSender(nint agent, uint stream)
{
    private readonly Lock _gate = new();
    private readonly DatagramQueue _waiting = new();
    private DirectSocket? _direct;
    private (nint Local, nint Remote) _pair;
    private bool _isClosed;

    /// <summary>Sends, now or at the end of the burst; false when it cannot.</summary>
    internal bool TrySend(ReadOnlySpan<byte> datagram)
    {
        var isBurst = SendBurst.TryJoin(this);
        lock (_gate)
        {
            if (_isClosed)
            {
                return false;
            }

            if (isBurst && _waiting.TryAdd(datagram))
            {
                return true;
            }

            SendWaiting();
            return (isBurst && _waiting.TryAdd(datagram)) || Send(datagram, datagram.Length);
        }
    }

    /// <summary>A burst is over.</summary>
    internal void Flush()
    {
        lock (_gate)
        {
            if (!_isClosed)
            {
                SendWaiting();
            }
        }
    }

    /// <summary>Whether datagrams go past libnice.</summary>
    internal bool IsDirect
    {
        get
        {
            lock (_gate)
            {
                return _direct is not null;
            }
        }
    }

    internal static IceState StateOf(uint component) => component switch
    {
        2 => IceState.Checking, // NICE_COMPONENT_STATE_CONNECTING
        3 or 4 => IceState.Connected, // CONNECTED, READY
        5 => IceState.Failed,
        _ => IceState.New,
    };

    /// <summary>What holds now, unless it is closed. From here on datagrams take the pair that it gives.</summary>
    internal bool TryRead(out IceState state, out CandidatePair? pair)
    {
        lock (_gate)
        {
            (state, pair) = (default, null);
            if (_isClosed)
            {
                return false;
            }

            state = StateOf(LibNice.nice_agent_get_component_state(agent, stream, LibNice.Component));
            if (SelectedPair() is { } selected)
            {
                pair = IceText.Describe(agent, selected.Local, selected.Remote);
                UsePair(selected);
            }

            return true;
        }
    }

    /// <summary>What waits still leaves.</summary>
    internal void Close()
    {
        lock (_gate)
        {
            if (!_isClosed)
            {
                SendWaiting();
            }

            _isClosed = true;
            _direct?.Dispose();
        }
    }

    /// <summary>Two candidates of libnice, which it keeps for as long as the stream.</summary>
    private (nint Local, nint Remote)? SelectedPair() =>
        LibNice.nice_agent_get_selected_pair(agent, stream, LibNice.Component, out var local, out var remote) != 0 ? (local, remote) : null;

    private void UsePair((nint Local, nint Remote) pair)
    {
        if (pair == _pair)
        {
            return;
        }

        _direct?.Dispose();
        (_pair, _direct) = (pair, null);
        if (LibNice.nice_agent_get_selected_socket(agent, stream, LibNice.Component) is not 0 and var socket)
        {
            if (SelectedPair() == pair) // Else it changes in this moment, which will be told.
            {
                _direct = DirectSocket.TryCreate(LibGLib.g_socket_get_fd(socket), pair.Remote + LibNice.CandidateAddress);
            }

            LibGLib.g_object_unref(socket);
        }
    }

    private void SendWaiting()
    {
        while (_waiting.TryTake(out var run, out var size))
        {
            Send(run, size);
        }
    }

    /// <summary>Sends datagrams of one size, of which the last may be shorter: with one call, or else one by one.</summary>
    private bool Send(ReadOnlySpan<byte> run, int size)
    {
        var result = _direct?.Send(run, size) ?? DirectResult.Refused;
        if (result != DirectResult.Refused)
        {
            return result == DirectResult.Sent;
        }

        if (run.Length <= size)
        {
            return LibNice.nice_agent_send(agent, stream, LibNice.Component, (uint)run.Length, run) == run.Length;
        }

        var isSent = true;
        for (; !run.IsEmpty; run = run[Math.Min(size, run.Length)..])
        {
            var one = run[..Math.Min(size, run.Length)];
            isSent &= Send(one, one.Length);
        }

        return isSent;
    }
}
