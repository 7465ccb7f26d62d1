namespace Bowline.WebRtc;

/// <summary>Gives the channels of a connection their messages, within one budget, and goes on taking when there is room again.</summary>
internal sealed class ChannelInbox(int budget, PeerCounters counters)
{
    private readonly ReceiveBudget _budget = new(budget);
    private SctpAssociation? _association;

    internal bool HasRoom() => _budget.HasRoom();

    internal void Start(SctpAssociation association) => _association = association;

    internal void Deliver(DataChannel channel, MessageBuffer buffer, bool isText)
    {
        var length = buffer.Length;
        var message = new DataChannelMessage(buffer, isText);
        if (!_budget.TryTake(channel.Share, length))
        {
            counters.Refuse();
            message.Dispose();
            return;
        }

        counters.Received(length);
        if (!channel.Take(message))
        {
            _budget.Give(channel.Share, length);
            message.Dispose();
        }
    }

    /// <summary>A reader has taken a message.</summary>
    internal void Read(DataChannel channel, int length)
    {
        if (_budget.Give(channel.Share, length))
        {
            _association?.Drain();
        }
    }

    /// <summary>A reader waits for a message.</summary>
    internal void BeginWaiting()
    {
        if (_budget.BeginWaiting())
        {
            _association?.Drain();
        }
    }

    internal void EndWaiting() => _budget.EndWaiting();

    /// <summary>This side has closed a channel: what waits in it no longer keeps the others waiting.</summary>
    internal void Close(DataChannel channel)
    {
        if (!_budget.TryClose(channel.Share, out var mustGoOn))
        {
            counters.Refuse(channel.DropUnread());
        }

        if (channel.State == DataChannelState.Closed)
        {
            End(channel);
        }

        if (mustGoOn)
        {
            _association?.Drain();
        }
    }

    /// <summary>A channel is over.</summary>
    internal void End(DataChannel channel) => _budget.End(channel.Share);
}
