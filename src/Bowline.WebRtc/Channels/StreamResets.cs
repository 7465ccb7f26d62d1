namespace Bowline.WebRtc;

/// <summary>
/// Our resets of streams (RFC 8831, section 6.7) that wait for their turn: a reset overtakes neither the announcement of its channel nor a
/// message that a caller is still sending. usrsctp, which has one request on its way at a time, queues what it is asked for.
/// </summary>
internal sealed class StreamResets
{
    private readonly Lock _gate = new();
    private readonly List<DataChannel> _waiting = [];

    internal void Add(DataChannel channel)
    {
        lock (_gate)
        {
            if (!channel.IsResetBegun)
            {
                channel.IsResetBegun = true;
                _waiting.Add(channel);
            }
        }
    }

    /// <summary>Begins what need not wait any longer, in turn.</summary>
    internal void GoOn(SctpAssociation association)
    {
        lock (_gate)
        {
            while (_waiting.Find(static channel => !channel.IsSending) is { } next && association.TryReset(next.Stream))
            {
                _waiting.Remove(next);
            }
        }
    }

    /// <summary>Whether usrsctp was asked for the reset of a channel. It may be confirmed before the thread that asked has come back from there, so this waits for it.</summary>
    internal bool HasSent(DataChannel channel)
    {
        lock (_gate)
        {
            return channel.IsResetBegun && !_waiting.Contains(channel);
        }
    }

    internal void Clear()
    {
        lock (_gate)
        {
            _waiting.Clear();
        }
    }
}
