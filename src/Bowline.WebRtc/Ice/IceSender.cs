using System.Net;

namespace Bowline.WebRtc;

/// <summary>
/// The sending half of a path. Datagrams leave in the order of the calls, whichever threads make them: those of a <see cref="SendBurst"/>
/// wait in one queue for its end. Any thread may send while the owner closes: the lock keeps agent and socket alive for the length of a call.
/// </summary>
internal sealed class IceSender(nint agent, uint stream)
{
    private readonly Lock _gate = new();
    private readonly DatagramQueue _waiting = new();
    private DirectSocket? _direct;
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

    /// <summary>The pair has changed. Told by libnice, after it has changed.</summary>
    internal void UsePair(IPEndPoint remote)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return;
            }

            _direct?.Dispose();
            var socket = LibNice.nice_agent_get_selected_socket(agent, stream, LibNice.Component); // None for a relay.
            _direct = socket == 0 ? null : DirectSocket.TryCreate(LibGLib.g_socket_get_fd(socket), remote);
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
        if (_direct is { IsUsable: true } direct && direct.TrySend(run, size))
        {
            return true;
        }

        var isSent = true;
        for (; !run.IsEmpty; run = run[Math.Min(size, run.Length)..])
        {
            var length = Math.Min(size, run.Length);
            isSent &= LibNice.nice_agent_send(agent, stream, LibNice.Component, (uint)length, run[..length]) == length;
        }

        return isSent;
    }
}
