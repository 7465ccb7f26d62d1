namespace Bowline.Tunnel;

public sealed partial class TunnelServer
{
    /// <summary>Clients remembered at a time; a hub instance is one.</summary>
    private const int MaxClients = 4096;

    internal void OnMessage(ServerInstance instance, ReadOnlySpan<byte> subject, ReadOnlySpan<byte> replyTo, ReadOnlySpan<byte> payload)
    {
        if (!TunnelSubjects.TrySplit(subject, out var device, out var rest) || !device.SequenceEqual(_deviceName) || !FrameHeader.TryRead(payload, out var header))
        {
            OnMalformed(instance, subject, payload);
        }
        else if (rest.SequenceEqual("open"u8))
        {
            OnOpen(instance, header, replyTo, payload[FrameHeader.Size..]);
        }
        else if (rest.StartsWith("in."u8) && header.Type != FrameType.Open && _peersByBytes.TryGetValue(rest[(rest.LastIndexOf((byte)'.') + 1)..], out var peer))
        {
            peer.Heard();
            if (header.StreamId == 0)
            {
                OnConnectionFrame(instance, peer, header, payload[FrameHeader.Size..]);
            }
            else
            {
                OnStreamFrame(instance, peer, header, payload[FrameHeader.Size..]);
            }
        }
        else
        {
            TunnelTelemetry.Malformed("subject");
        }
    }

    private void OnMalformed(ServerInstance instance, ReadOnlySpan<byte> subject, ReadOnlySpan<byte> payload)
    {
        TunnelTelemetry.Malformed("frame");
        if (payload.Length >= 8 && _peersByBytes.TryGetValue(subject[(subject.LastIndexOf((byte)'.') + 1)..], out var peer))
        {
            var streamId = System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(payload[4..]);
            if (peer.Find(streamId) is { } stream)
            {
                stream.Fail(new TunnelException(TunnelError.FrameMalformed), tell: true);
            }
            else if (streamId != 0)
            {
                peer.SendReset(instance.Pump, streamId, ResetCode.Protocol);
            }
        }
    }

    private void OnOpen(ServerInstance instance, in FrameHeader header, ReadOnlySpan<byte> replyTo, ReadOnlySpan<byte> payload)
    {
        // Answers go to a subject made from the client id, never to the one that was given: a forged reply subject leads nowhere.
        if (header.Type != FrameType.Open || header.Seq != 0 || !TunnelSubjects.TrySplit(replyTo, out var device, out var rest) || !device.SequenceEqual(_deviceName)
            || !TunnelSubjects.TryReadOpenReply(rest, out var clientId, out var streamId) || streamId != header.StreamId)
        {
            TunnelTelemetry.Malformed("open");
            return;
        }

        if (!_peersByBytes.TryGetValue(clientId, out var peer))
        {
            if (_peers.Count >= MaxClients)
            {
                TunnelTelemetry.Refused("clients");
                return;
            }

            peer = _peers.GetOrAdd(System.Text.Encoding.ASCII.GetString(clientId), static (id, self) => new(self, self._context, id), this);
        }

        var now = _context.Clock.Now;
        peer.Heard();
        if (!peer.TryEnter(streamId))
        {
            TunnelTelemetry.Malformed("repeated_open");
        }
        else if (peer.StreamCount >= _options.MaxStreamsPerClient)
        {
            Refuse(peer, instance, streamId, ResetCode.Refused);
        }
        else
        {
            var stream = new ServerStream(this, _context, peer, instance, streamId, now);
            peer.Add(stream);
            stream.OnOrdered(header, payload);
            Begin(stream, header.End, now);
        }
    }

    private void Begin(ServerStream stream, bool whole, TimeSpan now)
    {
        if (!stream.IsOpen)
        {
            return;
        }

        if (stream.Verdict == HeadVerdict.Version)
        {
            TunnelTelemetry.Refused("version");
            stream.Fail(new TunnelException(TunnelError.VersionMismatch), tell: true);
            return;
        }

        if (stream.Verdict == HeadVerdict.Ok && IsExpired(stream, now))
        {
            Expire(stream);
            return;
        }

        stream.Deadline = stream.Request.DeadlineMs == 0 ? TimeSpan.MaxValue : now + TimeSpan.FromMilliseconds(stream.Request.DeadlineMs);
        stream.AcceptDue = now + _options.AcceptAfter;
        if (!whole)
        {
            // The client cannot send the body before it knows this instance.
            stream.SendAccept();
        }

        _timer.Need(Min(Min(stream.AcceptDue, stream.Deadline), now + _options.Limits.KeepaliveInterval));
        ThreadPool.UnsafeQueueUserWorkItem(stream, preferLocal: false);
    }

    /// <summary>
    /// Too old by the caller's clock and ours, which a suspend moves on, or too long in our own hands by the clock that never jumps.
    /// A caller whose clock differs learns ours from the reset and opens again.
    /// </summary>
    private bool IsExpired(ServerStream stream, TimeSpan now)
    {
        var limit = (long)stream.Request.AgeLimitMs;

        // No absolute value: it has none for the most negative number, and this one comes from the network.
        var age = unchecked(_context.Clock.UnixMs - stream.Request.SentUnixMs);
        return limit != 0 && (age > limit || age < -limit || (now - stream.StartedAt).TotalMilliseconds > limit);
    }

    private static void Expire(ServerStream stream)
    {
        TunnelTelemetry.Refused("expired");
        stream.Fail(new TunnelException(TunnelError.Expired), tell: true);
    }

    private void Refuse(ServerPeer peer, ServerInstance instance, uint streamId, ResetCode code)
    {
        TunnelTelemetry.Refused("streams");
        TunnelLog.OpenRefused(_context.Logger, "too many streams of one client");
        peer.SendReset(instance.Pump, streamId, code);
    }

    private void OnStreamFrame(ServerInstance instance, ServerPeer peer, in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (peer.Find(header.StreamId) is not { } stream)
        {
            if (header.Type == FrameType.Data)
            {
                _ = peer.OnData(payload.Length);
                peer.OnConsumed(payload.Length);
            }

            return;
        }

        switch (header.Type)
        {
            case FrameType.Data or FrameType.Trailers:
                stream.OnOrdered(header, payload);
                break;
            case FrameType.Window when ControlFrames.TryReadWindow(payload, out var limit, out _):
                stream.OnWindow(limit);
                break;
            case FrameType.Move when InstanceId.TryRead(payload, out var to):
                if (to == instance.Id && stream.OnMoved(instance, header.Seq))
                {
                    FailIfOldLost(stream);
                }

                break;
            case FrameType.Reset when ControlFrames.TryReadReset(payload, out var code, out _):
                if (code == ResetCode.UnknownStream)
                {
                    var due = _context.Clock.Now + PeerEnd.AskAgain;
                    peer.Hasten(due);
                    _timer.Need(due);
                }

                stream.Fail(TunnelException.From(code), tell: false);
                break;
            default:
                TunnelTelemetry.Malformed("frame");
                stream.Fail(new TunnelException(TunnelError.FrameMalformed), tell: true);
                break;
        }
    }

    private void OnConnectionFrame(ServerInstance instance, ServerPeer peer, in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (header.Type == FrameType.Ping && PingFrame.TryRead(payload, out var totals, out var count) && totals.Boot == Boot)
        {
            Span<byte> pong = stackalloc byte[ControlFrames.WindowSize];
            ControlFrames.Pong(pong, header.Seq, Boot, _context.Clock.UnixMs);
            instance.Pump.SendControl(peer.ReplySubject, default, pong);
            peer.OnPing(totals, payload, count, instance);
        }
        else if (header.Type == FrameType.Pong)
        {
            peer.OnPong(header.Seq, _context.Clock.Now);
        }
        else if (header.Type == FrameType.Window && ControlFrames.TryReadWindow(payload, out var limit, out _))
        {
            peer.OnWindow(limit);
        }
        else if (header.Type == FrameType.GoAway)
        {
            peer.FailAll(TunnelError.Cancelled, tell: false);
        }
        else
        {
            TunnelTelemetry.Malformed("frame");
        }
    }
}
