namespace Bowline.Tunnel;

public sealed partial class TunnelClient
{
    /// <summary>The round trip of a peer without streams is remembered this long, for its next accept timeout.</summary>
    private static readonly TimeSpan PeerMemory = TimeSpan.FromMinutes(5);

    /// <summary>Does what is due and says when the next thing is.</summary>
    private TimeSpan Sweep(TimeSpan now)
    {
        var next = TimeSpan.MaxValue;
        foreach (var (_, stream) in _streams)
        {
            if (!stream.Heard && stream.AcceptDue <= now)
            {
                // A word from the node since the open proves that it lives, so it was this answer that got lost.
                var alive = stream.Device.LastHeard > stream.StartedAt;
                stream.Fail(new TunnelException(alive ? TunnelError.StartUnknown : TunnelError.AcceptTimeout), tell: false);
            }
            else if (stream.Deadline <= now)
            {
                stream.Fail(new TunnelException(TunnelError.DeadlineExceeded), tell: true);
            }
            else
            {
                next = Min(next, Min(stream.Heard ? TimeSpan.MaxValue : stream.AcceptDue, stream.Deadline));
            }
        }

        return Min(next, SweepPeers(now));
    }

    private TimeSpan SweepPeers(TimeSpan now)
    {
        var next = TimeSpan.MaxValue;
        foreach (var (boot, peer) in _peers)
        {
            if (!peer.HasStreams)
            {
                if (now - peer.IdleSince > PeerMemory)
                {
                    _ = _peers.TryRemove(boot, out _);
                }

                continue;
            }

            switch (peer.StepKeepalive(now, out var due))
            {
                case KeepaliveStep.Ping:
                    peer.Ping();
                    break;
                case KeepaliveStep.Lost:
                    peer.FailAll(TunnelError.IdleTimeout);
                    continue;
                default:
                    break;
            }

            next = Min(next, due);
        }

        return next;
    }

    /// <summary>A stream has a peer now, so its keepalive counts.</summary>
    internal void WatchPeer(TimeSpan now) => _timer.Need(now + _options.Limits.KeepaliveInterval);

    private void OnDisconnected()
    {
        foreach (var (_, stream) in _streams)
        {
            if (!stream.Heard && stream.MayHaveLeft)
            {
                stream.Fail(new TunnelException(TunnelError.StartUnknown), tell: false);
            }
        }
    }

    private void OnReconnected()
    {
        // Those without streams too: they may have some that we have ended, and the frame that said so was lost.
        foreach (var (_, peer) in _peers)
        {
            peer.Ping();
        }
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
