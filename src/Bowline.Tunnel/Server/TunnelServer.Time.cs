namespace Bowline.Tunnel;

public sealed partial class TunnelServer
{
    /// <summary>A client without streams is forgotten after this; a hub that still lives asks far more often.</summary>
    private static readonly TimeSpan PeerMemory = TimeSpan.FromMinutes(5);

    internal void OnReconnected()
    {
        // Those without streams too: they may have some that we have ended, and the frame that said so was lost.
        foreach (var (_, peer) in _peers)
        {
            peer.Ping();
        }
    }

    private TimeSpan Sweep(TimeSpan now)
    {
        var next = TimeSpan.MaxValue;
        foreach (var (id, peer) in _peers)
        {
            if (peer.StreamCount > 0)
            {
                next = Min(next, Min(SweepStreams(peer, now), SweepKeepalive(peer, now)));
            }
            else if (now - peer.IdleSince > PeerMemory)
            {
                _ = _peers.TryRemove(id, out _);
            }
        }

        return next;
    }

    private static TimeSpan SweepStreams(ServerPeer peer, TimeSpan now)
    {
        var next = TimeSpan.MaxValue;
        foreach (var stream in peer.Streams)
        {
            if (stream.Deadline <= now)
            {
                stream.Deadline = TimeSpan.MaxValue;
                OnDeadline(stream);
                continue;
            }

            if (stream.AcceptDue <= now)
            {
                stream.SendAccept();
            }

            next = Min(next, Min(stream.AcceptDue, stream.Deadline));
        }

        return next;
    }

    private TimeSpan SweepKeepalive(ServerPeer peer, TimeSpan now)
    {
        switch (peer.StepKeepalive(now, out var due))
        {
            case KeepaliveStep.Ping:
                peer.Ping();
                return due;
            case KeepaliveStep.Lost:
                TunnelLog.ClientLost(_context.Logger, peer.ClientId, peer.StreamCount);
                peer.FailAll(TunnelError.IdleTimeout, tell: true);
                return TimeSpan.MaxValue;
            default:
                return due;
        }
    }

    private static void OnDeadline(ServerStream stream)
    {
        if (stream.Exchange is not { } exchange || !exchange.TryTakeResponse())
        {
            stream.Fail(new TunnelException(TunnelError.DeadlineExceeded), tell: true);
            return;
        }

        _ = exchange.AnswerProblemAsync(504, "deadline_exceeded", TunnelErrors.Describe(TunnelError.DeadlineExceeded));
        stream.Abort();
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
