using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Bowline.WebRtc;

/// <content>Announcements of channels (RFC 8832).</content>
internal sealed partial class ChannelTable
{
    /// <summary>Streams whose new channel waits for the confirmation that the one before it is over: until then this side can send nothing on them. Touched by the input only.</summary>
    private readonly HashSet<ushort> _unconfirmed = [];
    private bool _isControlCut;

    private void Announce(DataChannel channel)
    {
        if (channel.Options.NegotiatedId is null)
        {
            var open = DcepOpen.For(channel.Label, channel.Options);
            var bytes = new byte[DcepCodec.GetSize(open)];
            DcepCodec.WriteOpen(open, bytes);
            SendControl(channel.Stream, bytes);
        }
        else
        {
            channel.IsAcknowledged = true;
        }

        channel.SetOpen();
    }

    private void TakeControl(ushort stream, DataChannel? channel, ReadOnlySpan<byte> part, bool isEnd)
    {
        var isCut = _isControlCut;
        _isControlCut = !isEnd; // Announcements within the rules come whole; parts of one message come behind one another.
        if (isEnd && !isCut && channel is not null && DcepCodec.IsAck(part))
        {
            channel.IsAcknowledged = true;
            return;
        }

        if (isCut || !isEnd || !DcepCodec.TryReadOpen(part, out var open, out _) || !TryMake(stream, channel, open, out var made))
        {
            if (!isCut)
            {
                Counters.Refuse();
            }
        }
        else if (channel is null)
        {
            HandOver(made);
        }
        else
        {
            _unconfirmed.Add(stream);
        }
    }

    /// <param name="stream">The stream.</param>
    /// <param name="before">The channel that has the stream on this side.</param>
    /// <param name="open">What was announced.</param>
    /// <param name="made">The channel, which takes messages from now on.</param>
    private bool TryMake(ushort stream, DataChannel? before, in DcepOpen open, [NotNullWhen(true)] out DataChannel? made)
    {
        made = null;

        // The other side may use a stream again as soon as it has our reset. That it has is what we see here first when its confirmation is lost.
        var isFree = before is null || (before.IsIncomingReset && _resets.HasSent(before));
        if (!isFree || !_names.TryTake(open))
        {
            return false; // The one before keeps its place, or the next announcement would be answered before this side can.
        }

        if (before is not null)
        {
            before.IsOutgoingReset = true;
            FinishIfReset(before);
        }

        var channel = new DataChannel(this, open.Label, open.ToOptions()) { IsAcknowledged = true, IsMadeByPeer = true };
        lock (_gate)
        {
            // The other side opens streams of its own parity only (RFC 8832, section 6).
            if (_ended is null && _channels.Count < _most && _ids?.TryReserveRemote(stream) == true)
            {
                channel.Assign(stream);
                _channels[stream] = made = channel;
                return true;
            }
        }

        _names.LetGo(channel);
        _names.LetGo(channel);
        return false;
    }

    /// <summary>Answers the announcement of a channel and gives it to whoever reads them.</summary>
    private void HandOver(DataChannel made)
    {
        SendControl(made.Stream, DcepCodec.Ack); // First: whoever gets the channel may close it at once, and nothing can be sent on a stream that is being reset.
        made.SetOpen();
        if (made.IsIncomingReset)
        {
            made.SetClosing(); // Over before it could be answered.
        }
        else if (made.IsCloseAsked)
        {
            Close(made); // What came on it broke a rule.
        }

        if (!_incoming.Writer.TryWrite(made))
        {
            Counters.Refuse();
            made.Share.IsOver = true; // What comes on it is for nobody.
            _names.LetGo(made);
            Close(made); // As many as there may be wait already, and nobody asks for them.
        }
    }

    private void SendControl(ushort stream, ReadOnlySpan<byte> message) => _association!.Sender.SendControl(
        new() { Valid = SctpSendParameters.HasStream, Stream = stream, Ppid = BinaryPrimitives.ReverseEndianness(DataChannelPpid.Control) }, message);
}
