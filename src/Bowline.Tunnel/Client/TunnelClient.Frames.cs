using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text;
using Bowline.Core.Identity;

namespace Bowline.Tunnel;

public sealed partial class TunnelClient
{
    private const int RememberedStreams = 1024;
    private const int RememberedPings = 256;

    private readonly Sink _sink;
    private readonly Lock _closedGate = new();
    private readonly (uint Id, ClientPeer? Peer)[] _closed = new (uint, ClientPeer?)[RememberedStreams];
    private readonly (ClientPeer? Peer, uint Instance)[] _pings = new (ClientPeer?, uint)[RememberedPings];
    private uint _lastPing;

    private string ReplySubject => $"{TunnelSubjects.Prefix}*.reply.{ClientId}";

    private string OfflineSubject => $"{TunnelSubjects.Prefix}*.reply.{ClientId}.*";

    private async Task SubscribeAsync()
    {
        await _carrier.SubscribeAsync(ReplySubject, null, _sink, CancellationToken.None).ConfigureAwait(false);
        await _carrier.SubscribeAsync(OfflineSubject, null, new MessagesOnly(_sink), CancellationToken.None).ConfigureAwait(false);
        // A node may answer over another server of the cluster before ours knows the subscription.
        await _carrier.FlushAsync(CancellationToken.None).ConfigureAwait(false);
    }

    internal uint RegisterPing(ClientPeer peer, uint instance)
    {
        lock (_pings)
        {
            var number = ++_lastPing;
            _pings[number % RememberedPings] = (peer, instance);
            return number;
        }
    }

    internal void Forget(ClientStream stream, ClientPeer? peer)
    {
        if (_streams.TryRemove(stream.Id, out _))
        {
            lock (_closedGate)
            {
                _closed[stream.Id % RememberedStreams] = (stream.Id, peer);
            }
        }
    }

    private void OnMessage(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> payload, bool noResponders)
    {
        if (!TunnelSubjects.TrySplit(subject, out var device, out var rest))
        {
            TunnelTelemetry.Malformed("subject");
        }
        else if (noResponders)
        {
            OnNoResponders(rest);
        }
        else if (!FrameHeader.TryRead(payload, out var header) || header.Type == FrameType.Open)
        {
            OnMalformed(device, payload);
        }
        else if (header.StreamId == 0)
        {
            OnConnectionFrame(header, device, payload[FrameHeader.Size..]);
        }
        else if (!_streams.TryGetValue(header.StreamId, out var stream))
        {
            OnStrayFrame(header, device, payload[FrameHeader.Size..]);
        }
        else if (!device.SequenceEqual(stream.Device.Name))
        {
            // Somebody else's stream: whoever may publish for this device may not answer for another.
            TunnelTelemetry.Malformed("device");
            TunnelLog.ForeignFrame(_context.Logger, header.StreamId);
        }
        else
        {
            Heard(stream.Device);
            stream.PeerHeard();
            OnStreamFrame(stream, header, payload[FrameHeader.Size..]);
        }
    }

    private void Heard(ClientDevice device)
    {
        device.LastHeard = _context.Clock.Now;
        _options.OnTraffic?.Invoke(device.Id);
    }

    private void OnStreamFrame(ClientStream stream, in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        var ok = true;
        switch (header.Type)
        {
            case FrameType.Accept:
                ok = InstanceId.TryRead(payload, out var accepted);
                if (ok)
                {
                    stream.OnAccept(accepted);
                }

                break;
            case FrameType.Head when InstanceId.TryRead(payload, out var instance):
                var first = stream.BindTo(instance);
                stream.OnOrdered(header, payload);
                if (first)
                {
                    stream.Wake();
                }

                break;
            case FrameType.Data or FrameType.Trailers when stream.Heard:
                stream.OnOrdered(header, payload);
                break;
            case FrameType.Window when ControlFrames.TryReadWindow(payload, out var limit, out _):
                stream.OnWindow(limit);
                break;
            case FrameType.Move when InstanceId.TryRead(payload, out var to):
                stream.OnMove(to, header.Seq);
                break;
            case FrameType.Reset when ControlFrames.TryReadReset(payload, out var code, out var info):
                OnReset(stream, code, info);
                break;
            default:
                ok = false;
                break;
        }

        if (!ok)
        {
            TunnelTelemetry.Malformed("frame");
            stream.Fail(new TunnelException(TunnelError.FrameMalformed), tell: true);
        }
    }

    private void OnReset(ClientStream stream, ResetCode code, long serverUnixMs)
    {
        if (code == ResetCode.UnknownStream)
        {
            var due = _context.Clock.Now + PeerEnd.AskAgain;
            stream.HastenPing(due);
            _timer.Need(due);
        }

        if (code == ResetCode.Expired)
        {
            stream.Device.ClockOffsetMs = serverUnixMs - stream.Context.Clock.UnixMs;
        }

        var error = code == ResetCode.Cancel && !stream.ReceiveEnded ? TunnelError.ResponseAborted : TunnelErrors.FromReset(code);
        stream.Fail(new TunnelException(error), tell: false);
    }

    private void OnMalformed(ReadOnlySpan<byte> device, ReadOnlySpan<byte> payload)
    {
        TunnelTelemetry.Malformed("frame");
        // The stream can be told when at least its number can be read, and the subject says it comes from its device.
        if (payload.Length >= FrameHeader.Size
            && _streams.TryGetValue(BinaryPrimitives.ReadUInt32LittleEndian(payload[4..]), out var stream)
            && device.SequenceEqual(stream.Device.Name))
        {
            stream.Fail(new TunnelException(TunnelError.FrameMalformed), tell: true);
        }
    }

    private void OnConnectionFrame(in FrameHeader header, ReadOnlySpan<byte> device, ReadOnlySpan<byte> payload)
    {
        var bootAt = header.Type == FrameType.Window ? 8 : 0;
        if (payload.Length < bootAt + 8 || !_peers.TryGetValue(BinaryPrimitives.ReadUInt64LittleEndian(payload[bootAt..]), out var peer)
            || !device.SequenceEqual(peer.Device.Name))
        {
            return;
        }

        Heard(peer.Device);
        peer.Heard();
        if (header.Type == FrameType.Ping && PingFrame.TryRead(payload, out var totals, out var count))
        {
            Span<byte> pong = stackalloc byte[ControlFrames.WindowSize];
            ControlFrames.Pong(pong, header.Seq, peer.Boot, _context.Clock.UnixMs);
            peer.SendControl(pong);
            peer.OnPing(totals, payload, count);
        }
        else if (header.Type == FrameType.Pong)
        {
            peer.OnPong(header.Seq, _context.Clock.Now);
        }
        else if (header.Type == FrameType.Window && ControlFrames.TryReadWindow(payload, out var limit, out _))
        {
            peer.OnWindow(limit);
        }
        else if (header.Type == FrameType.GoAway && InstanceId.TryRead(payload, out var gone))
        {
            peer.FailInstance(TunnelError.ServerStopping, gone.Number);
        }
        else
        {
            TunnelTelemetry.Malformed("frame");
        }
    }

    /// <summary>A frame of a stream that is over: body bytes still count for the connection, and a server that only now begins must stop.</summary>
    private void OnStrayFrame(in FrameHeader header, ReadOnlySpan<byte> device, ReadOnlySpan<byte> payload)
    {
        ClientPeer? peer;
        bool known;
        lock (_closedGate)
        {
            ref var entry = ref _closed[header.StreamId % RememberedStreams];
            known = entry.Id == header.StreamId;
            peer = known ? entry.Peer : null;
        }

        if (peer is not null && header.Type == FrameType.Data && device.SequenceEqual(peer.Device.Name))
        {
            _ = peer.OnData(payload.Length);
            peer.OnConsumed(payload.Length);
        }
        else if (known && peer is null && header.Type is FrameType.Accept or FrameType.Head && InstanceId.TryRead(payload, out var instance)
            && DeviceId.TryParse(Encoding.ASCII.GetString(device), out var id)
            && _devices.TryGetValue(id, out var late))
        {
            // Said without remembering who: the instance is whatever the frame names, and names cost its sender nothing.
            Span<byte> frame = stackalloc byte[ControlFrames.ResetSize];
            ControlFrames.Reset(frame, header.StreamId, ResetCode.UnknownStream, _context.Clock.UnixMs);
            Pump.SendControl(TunnelSubjects.In(late.Id, instance, ClientId), default, frame);
        }
    }

    private void OnNoResponders(ReadOnlySpan<byte> rest)
    {
        var word = rest[(rest.LastIndexOf((byte)'.') + 1)..];
        if (word.StartsWith("ping"u8))
        {
            if (Utf8Parser.TryParse(word[4..], out uint number, out _))
            {
                (ClientPeer? Peer, uint Instance) asked;
                lock (_pings)
                {
                    asked = _pings[number % RememberedPings];
                }

                asked.Peer?.FailUpTo(TunnelError.PeerLost, asked.Instance);
            }
        }
        else if (Utf8Parser.TryParse(word, out uint streamId, out var used) && used == word.Length && _streams.TryGetValue(streamId, out var stream))
        {
            stream.Fail(new TunnelException(TunnelError.Offline), tell: false);
        }
    }

    private sealed class Sink(TunnelClient client) : ITunnelSink
    {
        public void OnMessage(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> replyTo, ReadOnlySpan<byte> payload, bool noResponders) =>
            client.OnMessage(subject, payload, noResponders);

        public void OnReconnected() => client.OnReconnected();

        public void OnDisconnected() => client.OnDisconnected();
    }
}
