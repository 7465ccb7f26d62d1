using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text;
using System.Threading.Channels;

namespace Bowline.WebRtc;

/// <summary>A data channel of a <see cref="PeerConnection"/>.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore whose wait handle nobody asked for holds nothing, and senders may still be leaving it.")]
internal sealed class DataChannel : IDataChannel
{
    private readonly ChannelTable _table;
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Unbounded in itself: the budget of the connection bounds what all channels hold together.
    private readonly Channel<DataChannelMessage> _messages = Channel.CreateUnbounded<DataChannelMessage>(new() { SingleWriter = true });
    private readonly SctpSendParameters _parameters;
    private int _state;
    private int _sending;
    private SemaphoreSlim? _turn;
    private int _letGo;
    private int _id = -1;

    internal DataChannel(ChannelTable table, string label, DataChannelOptions options)
    {
        (_table, Label, Options) = (table, label, options);
        Assembler = new(table.LongestMessage);
        _parameters = new()
        {
            Valid = SctpSendParameters.HasStream | SctpSendParameters.HasReliability,
            Flags = options.IsOrdered ? (ushort)0 : SctpSendParameters.Unordered,
            Policy = options switch { { MaxRetransmits: not null } => SctpSendParameters.ByRetransmits, { MaxLifetime: not null } => SctpSendParameters.ByLifetime, _ => 0 },
            PolicyValue = (uint)(options.MaxRetransmits ?? (int)(options.MaxLifetime?.TotalMilliseconds ?? 0)),
        };

        // Nobody need wait for either; a failure that nobody asks about is still told by the connection.
        _ = _opened.Task.ContinueWith(static task => task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    public int? Id => Volatile.Read(ref _id) is >= 0 and var id ? id : null;

    public string Label { get; }

    public DataChannelOptions Options { get; }

    public DataChannelState State => (DataChannelState)Volatile.Read(ref _state);

    public long BufferedAmount => _table.WaitingBytes;

    internal MessageAssembler Assembler { get; }

    /// <summary>What it holds of the connection's budget.</summary>
    internal ReceiveShare Share { get; } = new();

    internal ushort Stream => (ushort)Volatile.Read(ref _id);

    /// <summary>Until the other side has acknowledged the opening, everything is ordered, so nothing overtakes it (RFC 8832, section 6).</summary>
    internal bool IsAcknowledged { get; set; }

    /// <summary>This side has asked to reset its stream, or waits for its turn to.</summary>
    internal bool IsResetBegun { get; set; }

    internal bool IsOutgoingReset { get; set; }

    internal bool IsIncomingReset { get; set; }

    /// <summary>Its names count for the <see cref="NameBudget"/>.</summary>
    internal bool IsMadeByPeer { get; init; }

    /// <summary>Set before the state is looked at: whoever opens the channel in that moment closes it.</summary>
    internal bool IsCloseAsked { get; set; }

    /// <summary>Whether a caller is still sending a message; the stream is not reset before that is over.</summary>
    internal bool IsSending => Volatile.Read(ref _sending) > 0;

    public Task WaitForOpenAsync(CancellationToken cancel = default) => _opened.Task.WaitAsync(cancel);

    public ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancel = default) => message.IsEmpty
        ? SendAsync(DataChannelPpid.EmptyBinary, Empty, cancel)
        : SendAsync(DataChannelPpid.Binary, message, cancel);

    public ValueTask SendTextAsync(string text, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length == 0 ? SendAsync(DataChannelPpid.EmptyText, Empty, cancel) : SendAsync(DataChannelPpid.Text, Encoding.UTF8.GetBytes(text), cancel);
    }

    public async IAsyncEnumerable<DataChannelMessage> ReadAllAsync([EnumeratorCancellation] CancellationToken cancel = default)
    {
        while (await WaitToReadAsync(cancel).ConfigureAwait(false))
        {
            while (_messages.Reader.TryRead(out var message))
            {
                _table.Inbox.Read(this, message.Content.Length);
                yield return message;
            }
        }
    }

    public Task CloseAsync(CancellationToken cancel = default)
    {
        _table.Close(this);
        return _closed.Task.WaitAsync(cancel);
    }

    /// <summary>This side can send only later, when it is open: the end of the channel before it on its stream is not confirmed. What is sent waits for that, in the order of the calls.</summary>
    internal void WaitForStream() => _turn = new(1, 1);

    /// <summary>True for the second of the two that hold it.</summary>
    internal bool LetGoOfNames() => IsMadeByPeer && Interlocked.Increment(ref _letGo) == 2;

    internal void Assign(int id) => Volatile.Write(ref _id, id);

    internal void SetOpen()
    {
        if (Interlocked.CompareExchange(ref _state, (int)DataChannelState.Open, (int)DataChannelState.Connecting) == (int)DataChannelState.Connecting)
        {
            _table.Counters.ChannelOpened();
            _opened.TrySetResult();
        }
    }

    internal bool SetClosing() =>
        Interlocked.CompareExchange(ref _state, (int)DataChannelState.Closing, (int)DataChannelState.Open) == (int)DataChannelState.Open;

    /// <summary>
    /// Over: the reader gets what is left, then the end, or the reason when the connection was lost. What the assembler holds is left to
    /// the collector: another thread may be adding to it.
    /// </summary>
    internal void SetClosed(WebRtcException? reason)
    {
        var before = (DataChannelState)Interlocked.Exchange(ref _state, (int)DataChannelState.Closed);
        if (before == DataChannelState.Closed)
        {
            return;
        }

        if (before != DataChannelState.Connecting)
        {
            _table.Counters.ChannelClosed();
        }

        _opened.TrySetException(reason ?? new WebRtcException(WebRtcError.Closed, $"The data channel '{Label}' was closed before it opened."));
        _messages.Writer.TryComplete(reason);
        _closed.TrySetResult();
    }

    /// <summary>Hands a message over; false when nobody will read it any more.</summary>
    internal bool Take(DataChannelMessage message) => _messages.Writer.TryWrite(message);

    /// <summary>Drops what nobody has read; gives how many messages those were.</summary>
    internal int DropUnread()
    {
        var dropped = 0;
        while (_messages.Reader.TryRead(out var message))
        {
            message.Dispose();
            dropped++;
        }

        return dropped;
    }

    private static readonly byte[] Empty = [0];

    private ValueTask<bool> WaitToReadAsync(CancellationToken cancel)
    {
        var waiting = _messages.Reader.WaitToReadAsync(cancel);
        return waiting.IsCompleted ? waiting : WaitAsync(waiting);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> WaitAsync(ValueTask<bool> waiting)
    {
        _table.Inbox.BeginWaiting();
        try
        {
            return await waiting.ConfigureAwait(false);
        }
        finally
        {
            _table.Inbox.EndWaiting();
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask SendAsync(uint ppid, ReadOnlyMemory<byte> message, CancellationToken cancel)
    {
        Interlocked.Increment(ref _sending); // Before the state is read: a closing that comes now waits for it.
        try
        {
            RequireSendable(message.Length);
            await SendOpenAsync(ppid, message, cancel).ConfigureAwait(false);
            _table.Counters.Sent(ppid is DataChannelPpid.EmptyBinary or DataChannelPpid.EmptyText ? 0 : message.Length);
        }
        finally
        {
            if (Interlocked.Decrement(ref _sending) == 0 && State == DataChannelState.Closing)
            {
                _table.GoOnWithResets();
            }
        }
    }

    private ValueTask SendOpenAsync(uint ppid, ReadOnlyMemory<byte> message, CancellationToken cancel) =>
        _turn is { } turn ? SendInTurnAsync(turn, ppid, message, cancel) : _table.SendAsync(ParametersFor(ppid), message, cancel);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask SendInTurnAsync(SemaphoreSlim turn, uint ppid, ReadOnlyMemory<byte> message, CancellationToken cancel)
    {
        _table.CountWaiting(message.Length);
        try
        {
            await turn.WaitAsync(cancel).ConfigureAwait(false);
        }
        catch
        {
            _table.CountWaiting(-message.Length);
            throw;
        }

        try
        {
            try
            {
                await WaitForOpenAsync(cancel).ConfigureAwait(false);
            }
            finally
            {
                _table.CountWaiting(-message.Length);
            }

            await _table.SendAsync(ParametersFor(ppid), message, cancel).ConfigureAwait(false);
        }
        finally
        {
            turn.Release();
        }
    }

    private void RequireSendable(int length)
    {
        var state = State; // Read once: it may open in this moment.
        var isConnecting = state == DataChannelState.Connecting && !IsCloseAsked;
        if (state != DataChannelState.Open && (_turn is null || !isConnecting))
        {
            throw new WebRtcException(WebRtcError.Closed, $"The data channel '{Label}' is {(isConnecting ? "not open yet; wait for it with WaitForOpenAsync" : "closed")}.");
        }

        if (length > _table.LongestToSend)
        {
            throw new WebRtcException(WebRtcError.MessageTooLong, $"A message of {length} bytes is longer than the {_table.LongestToSend} bytes that the other side takes.");
        }
    }

    private SctpSendParameters ParametersFor(uint ppid)
    {
        var parameters = _parameters;
        parameters.Stream = Stream;
        parameters.Ppid = System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(ppid);
        if (!IsAcknowledged)
        {
            parameters.Flags = 0;
        }

        return parameters;
    }
}
