namespace Bowline.WebRtc;

/// <summary>
/// The bytes that all channels of a connection may hold for their readers. Beyond it nothing more is taken from SCTP, whose window then
/// closes. Channels that this side closes may never be read again, so what they hold counts apart, up to as much again; what is more is dropped.
/// </summary>
internal sealed class ReceiveBudget(int most)
{
    /// <summary>What a message costs beside its content, so that a flood of empty ones is bounded too.</summary>
    internal const int Overhead = 128;

    private readonly Lock _gate = new();
    private long _held;
    private long _heldByClosing;
    private int _waiting;
    private volatile bool _isStopped;

    /// <summary>Whether more may be taken. After a no, <see cref="Give"/>, <see cref="BeginWaiting"/> or <see cref="TryClose"/> says when to begin again.</summary>
    internal bool HasRoom()
    {
        if (Interlocked.Read(ref _held) < most)
        {
            return true;
        }

        lock (_gate)
        {
            _isStopped = _held >= most;
            return !_isStopped;
        }
    }

    /// <summary>A message has come; false when it is to be dropped.</summary>
    internal bool TryTake(ReceiveShare share, int length)
    {
        var cost = length + Overhead;
        lock (_gate)
        {
            if (share.IsOver || (share.IsClosing && _heldByClosing + cost > most))
            {
                return false;
            }

            Add(share, cost);
            return true;
        }
    }

    /// <summary>A message was read; true when taking is to begin again.</summary>
    internal bool Give(ReceiveShare share, int length)
    {
        lock (_gate)
        {
            if (!share.IsOver)
            {
                Add(share, -(length + Overhead));
            }

            return MustGoOn(Volatile.Read(ref _waiting) > 0);
        }
    }

    /// <summary>A reader has read all of its channel and waits for more; true when taking is to begin again.</summary>
    internal bool BeginWaiting()
    {
        Interlocked.Increment(ref _waiting);
        if (!_isStopped)
        {
            return false;
        }

        lock (_gate)
        {
            return MustGoOn(isWaitedFor: true);
        }
    }

    internal void EndWaiting() => Interlocked.Decrement(ref _waiting);

    /// <summary>This side closes the channel.</summary>
    /// <param name="share">What the channel holds.</param>
    /// <param name="mustGoOn">Whether taking is to begin again.</param>
    /// <returns>False when closing channels hold too much already: what this one holds is to be dropped.</returns>
    internal bool TryClose(ReceiveShare share, out bool mustGoOn)
    {
        lock (_gate)
        {
            var held = share.Held;
            var isNew = !share.IsClosing && !share.IsOver;
            if (isNew)
            {
                Add(share, -held);
                share.IsClosing = true;
                share.IsOver = _heldByClosing + held > most;
                if (!share.IsOver)
                {
                    Add(share, held);
                }
            }

            mustGoOn = MustGoOn(isWaitedFor: true);
            return !(isNew && share.IsOver);
        }
    }

    /// <summary>A channel that this side has closed is over: what it holds is its owner's.</summary>
    internal void End(ReceiveShare share)
    {
        lock (_gate)
        {
            if (share.IsClosing && !share.IsOver)
            {
                Add(share, -share.Held);
                share.IsOver = true;
            }
        }
    }

    private void Add(ReceiveShare share, long cost)
    {
        share.Held += cost;
        if (share.IsClosing)
        {
            _heldByClosing += cost;
        }
        else
        {
            Interlocked.Add(ref _held, cost);
        }
    }

    /// <summary>
    /// Half of the budget has to be free, or each message that is read would fetch one. But a reader of an empty channel may wait for what
    /// is behind the messages of others, so then any room will do.
    /// </summary>
    private bool MustGoOn(bool isWaitedFor)
    {
        var mustGoOn = _isStopped && (_held < most / 2 || (isWaitedFor && _held < most));
        _isStopped = _isStopped && !mustGoOn;
        return mustGoOn;
    }
}
