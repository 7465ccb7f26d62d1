using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Bowline.WebRtc;

/// <summary>The data channels of a connection: opens and closes them by DCEP and stream resets (RFC 8832; RFC 8831, section 6.7), and gives each its messages.</summary>
internal sealed partial class ChannelTable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ushort, DataChannel> _channels = [];
    private readonly List<DataChannel> _unassigned = [];
    private readonly StreamResets _resets = new();
    private readonly Channel<DataChannel> _incoming;
    private readonly int _most;
    private readonly NameBudget _names;
    private SctpAssociation? _association;
    private StreamIds? _ids;
    private WebRtcException? _ended;

    internal ChannelTable(PeerConnectionOptions options)
    {
        _most = options.MaxChannels;
        Inbox = new(options.ReceiveBudget, Counters);
        Telemetry = new(options, Counters);
        LongestMessage = options.MaxMessageSize;
        LongestToSend = options.MaxMessageSize;
        _names = new(options.ReceiveBudget);
        _incoming = Channel.CreateBounded<DataChannel>(new BoundedChannelOptions(options.MaxChannels) { SingleWriter = true });
    }

    /// <summary>The longest message this side takes, in bytes.</summary>
    internal int LongestMessage { get; }

    /// <summary>The longest message the other side takes, in bytes, as far as we use it.</summary>
    internal int LongestToSend { get; set; }

    internal PeerCounters Counters { get; } = new();

    internal PeerTelemetry Telemetry { get; }

    /// <summary>The channels that the other side makes.</summary>
    internal async IAsyncEnumerable<DataChannel> ReadIncomingAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var channel in _incoming.Reader.ReadAllAsync(cancel).ConfigureAwait(false))
        {
            _names.LetGo(channel);
            yield return channel;
        }
    }

    /// <summary>The messages that wait for their readers.</summary>
    internal ChannelInbox Inbox { get; }

    internal long WaitingBytes => _association?.Sender.WaitingBytes ?? 0;

    /// <summary>Bytes wait, or no longer wait, for their turn in a channel.</summary>
    internal void CountWaiting(int bytes) => _association!.Sender.CountWaiting(bytes);

    internal DataChannel Create(string label, DataChannelOptions options)
    {
        options.Validate(label);
        var channel = new DataChannel(this, label, options);
        lock (_gate)
        {
            if (_ended is { } ended)
            {
                throw new WebRtcException(ended.Error, ended.Message);
            }

            if (_channels.Count + _unassigned.Count >= _most)
            {
                throw new WebRtcException(WebRtcError.LimitReached, $"This connection has {_most} data channels, which is its limit (MaxChannels).");
            }

            if (_ids is null)
            {
                _unassigned.Add(channel);
                return channel;
            }

            Assign(channel);
        }

        Announce(channel);
        return channel;
    }

    internal ValueTask SendAsync(SctpSendParameters parameters, ReadOnlyMemory<byte> message, CancellationToken cancel) =>
        _association!.Sender.SendAsync(parameters, message, cancel);

    /// <summary>The association is up: channels that waited get their streams.</summary>
    internal void Start(SctpAssociation association, bool isClient, int streams)
    {
        List<DataChannel> waiting;
        lock (_gate)
        {
            _association = association;
            Inbox.Start(association);
            _ids = new(isClient, streams);
            waiting = [.. _unassigned.OrderBy(static channel => channel.Options.NegotiatedId is null)];
            _unassigned.Clear();
        }

        foreach (var channel in waiting)
        {
            try
            {
                lock (_gate)
                {
                    if (_ended is { } ended)
                    {
                        throw new WebRtcException(ended.Error, ended.Message);
                    }

                    Assign(channel);
                }
            }
            catch (WebRtcException e)
            {
                channel.SetClosed(e); // Whoever made it has long returned, and waits for it to open.
                continue;
            }

            Announce(channel);
            if (channel.IsCloseAsked)
            {
                Close(channel);
            }
        }
    }

    internal void TakePart(ushort stream, uint ppid, ReadOnlySpan<byte> part, bool isEnd)
    {
        DataChannel? channel;
        lock (_gate)
        {
            _channels.TryGetValue(stream, out channel);
        }

        if (ppid == DataChannelPpid.Control)
        {
            TakeControl(stream, channel, part, isEnd);
            return;
        }

        var isText = ppid is DataChannelPpid.Text or DataChannelPpid.EmptyText;
        var isEmpty = ppid is DataChannelPpid.EmptyText or DataChannelPpid.EmptyBinary;
        if (channel is null || channel.State == DataChannelState.Closed || !(isText || isEmpty || ppid == DataChannelPpid.Binary))
        {
            Counters.Refuse();
            return;
        }

        switch (channel.Assembler.Take(isEmpty ? default : part, isEnd, out var buffer))
        {
            case MessageAssembly.Complete:
                Inbox.Deliver(channel, buffer!, isText);
                break;
            case MessageAssembly.TooLong:
                // Closing the channel is all that a receiver can do (RFC 8831, section 6.6).
                Counters.Refuse();
                Close(channel);
                break;
        }
    }

    internal void IncomingReset(ReadOnlySpan<ushort> streams)
    {
        foreach (var channel in Find(streams))
        {
            channel.IsIncomingReset = true;
            if (_unconfirmed.Contains(channel.Stream))
            {
                continue; // Our reset of the stream is still that of the channel before it: this one's follows it.
            }

            channel.SetClosing();
            Reset(channel);
            FinishIfReset(channel);
        }
    }

    internal void OutgoingReset(ReadOnlySpan<ushort> streams, bool isRefused)
    {
        foreach (var channel in Find(streams))
        {
            if (_answeredEarly.Remove(channel.Stream))
            {
                continue; // It was the reset of the channel before it.
            }

            if (_unconfirmed.Remove(channel.Stream))
            {
                Answer(channel); // So it was here.
            }
            else if (!_resets.HasSent(channel))
            {
                continue;
            }
            else if (isRefused)
            {
                Abandon(channel);
            }
            else
            {
                channel.IsOutgoingReset = true;
                FinishIfReset(channel);
            }
        }

        GoOnWithResets();
    }

    /// <summary>What kept a reset waiting may be over.</summary>
    internal void GoOnWithResets()
    {
        if (_association is { } association)
        {
            _resets.GoOn(association);
        }
    }

    internal void Close(DataChannel channel)
    {
        bool isUnassigned;
        lock (_gate)
        {
            isUnassigned = _unassigned.Remove(channel);
            channel.IsCloseAsked = true;
        }

        if (isUnassigned)
        {
            channel.SetClosed(null);
        }
        else if (channel.SetClosing())
        {
            Reset(channel);
        }

        Inbox.Close(channel);
    }

    /// <summary>The connection is over; every channel is.</summary>
    internal void End(WebRtcException reason)
    {
        List<DataChannel> all;
        lock (_gate)
        {
            if (_ended is not null)
            {
                return;
            }

            _ended = reason;
            all = [.. _channels.Values, .. _unassigned];
            _channels.Clear();
            _unassigned.Clear();
        }

        _resets.Clear();

        var isOurs = reason.Error == WebRtcError.Closed;
        foreach (var channel in all)
        {
            channel.SetClosed(isOurs ? null : reason);
        }

        _incoming.Writer.TryComplete(isOurs ? null : reason);
    }

    private void Assign(DataChannel channel)
    {
        if (channel.Options.NegotiatedId is { } id)
        {
            if (!_ids!.TryReserve(id))
            {
                throw new WebRtcException(WebRtcError.LimitReached, $"The id {id} of a data channel is taken, or beyond what was agreed with the other side.");
            }
        }
        else
        {
            id = _ids!.Allocate() ?? throw new WebRtcException(WebRtcError.LimitReached, "All streams that were agreed with the other side are in use by data channels.");
        }

        channel.Assign(id);
        _channels[(ushort)id] = channel;
    }

    /// <summary>The channels of some streams; of all when none is named (RFC 6525, section 4.1).</summary>
    private List<DataChannel> Find(ReadOnlySpan<ushort> streams)
    {
        lock (_gate)
        {
            if (streams.IsEmpty)
            {
                return [.. _channels.Values];
            }

            var found = new List<DataChannel>();
            foreach (var stream in streams)
            {
                if (_channels.TryGetValue(stream, out var channel))
                {
                    found.Add(channel);
                }
            }

            return found;
        }
    }

    /// <summary>The other side refuses to end a stream: its channel is over on this side, and the stream is not used again.</summary>
    private void Abandon(DataChannel channel)
    {
        lock (_gate)
        {
            _channels.Remove(channel.Stream);
        }

        Counters.Refuse();
        Finish(channel);
    }

    private void Reset(DataChannel channel)
    {
        _resets.Add(channel);
        GoOnWithResets();
    }

    private void FinishIfReset(DataChannel channel)
    {
        lock (_gate)
        {
            if (!channel.IsIncomingReset || !channel.IsOutgoingReset || !_channels.Remove(channel.Stream))
            {
                return;
            }

            _ids!.Release(channel.Stream);
        }

        Finish(channel);
    }

    private void Finish(DataChannel channel)
    {
        channel.SetClosed(null);
        _names.LetGo(channel);
        Inbox.End(channel);
    }
}
