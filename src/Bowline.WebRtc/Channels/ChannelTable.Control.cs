using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Bowline.WebRtc;

/// <content>Announcements of channels (RFC 8832).</content>
internal sealed partial class ChannelTable
{
    /// <summary>Streams whose new channel waits for the confirmation that the one before it is over: until then this side can send nothing on them. Touched by the input only.</summary>
    private readonly HashSet<ushort> _unconfirmed = [];

    /// <summary>Streams whose new channel was answered before that confirmation was read. Touched by the input only.</summary>
    private readonly HashSet<ushort> _answeredEarly = [];
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
            Answer(made);
            HandOver(made);
        }
        else
        {
            _unconfirmed.Add(stream);
            made.WaitForStream();
            HandOver(made); // What comes on it may fill the budget, and the confirmation is behind that: so it can be read at once.
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

        var channel = new DataChannel(this, open.Label, open.ToOptions()) { IsAcknowledged = true, IsMadeByPeer = true };
        lock (_gate)
        {
            // The other side opens streams of its own parity only (RFC 8832, section 6). One that changes hands stays taken.
            if (_ended is null && _ids is { } ids && (before is null ? _channels.Count < _most && ids.TryReserveRemote(stream) : ids.IsRemote(stream)))
            {
                channel.Assign(stream);
                _channels[stream] = made = channel;
            }
        }

        if (made is null)
        {
            _names.LetGo(channel);
            _names.LetGo(channel);
        }
        else if (before is not null)
        {
            Finish(before);
        }

        return made is not null;
    }

    /// <summary>
    /// Answers the announcements whose streams can take it. A confirmation that has come may be behind messages for which there is no room
    /// until their reader goes on, and that reader may wait for it, to send: so it is not only read, but tried for.
    /// </summary>
    internal void AnswerEarly()
    {
        if (_unconfirmed.Count == 0)
        {
            return;
        }

        foreach (var stream in (ushort[])[.. _unconfirmed])
        {
            if (_association!.Sender.TrySendNow(OnControl(stream), DcepCodec.Ack))
            {
                _unconfirmed.Remove(stream);
                _answeredEarly.Add(stream);
                foreach (var channel in Find([stream]))
                {
                    Open(channel);
                }
            }
        }
    }

    /// <summary>Answers the announcement of a channel; from now on this side can send on it.</summary>
    private void Answer(DataChannel made)
    {
        SendControl(made.Stream, DcepCodec.Ack); // First: whoever has the channel may close it at once, and nothing can be sent on a stream that is being reset.
        Open(made);
    }

    private void Open(DataChannel made)
    {
        made.SetOpen();
        if (made.IsIncomingReset)
        {
            made.SetClosing(); // Over before it could be answered.
            Reset(made);
        }
        else if (made.IsCloseAsked)
        {
            Close(made); // By its reader, or since what came on it broke a rule.
        }
    }

    /// <summary>Gives a channel, on which nothing has come yet, to whoever reads them.</summary>
    private void HandOver(DataChannel made)
    {
        if (!_incoming.Writer.TryWrite(made))
        {
            Counters.Refuse();
            made.Share.IsOver = true; // What comes on it is for nobody.
            _names.LetGo(made);
            Close(made); // As many as there may be wait already, and nobody asks for them.
        }
    }

    private void SendControl(ushort stream, ReadOnlySpan<byte> message) => _association!.Sender.SendControl(OnControl(stream), message);

    private static SctpSendParameters OnControl(ushort stream) =>
        new() { Valid = SctpSendParameters.HasStream, Stream = stream, Ppid = BinaryPrimitives.ReverseEndianness(DataChannelPpid.Control) };
}
