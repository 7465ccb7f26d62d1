namespace Bowline.Nats;

/// <summary>
/// A subscription at the lowest level: messages are handed over on the read loop as they lie in the buffer.
/// It is kept over reconnects until it is removed.
/// </summary>
/// <param name="subject">What is subscribed to; wildcards allowed.</param>
/// <param name="queueGroup">One member of the group gets each message; null for all.</param>
public abstract class NatsSubBase(string subject, string? queueGroup)
{
    private int _ended;

    /// <summary>What is subscribed to.</summary>
    public string Subject { get; } = subject;

    /// <summary>The queue group, or null.</summary>
    public string? QueueGroup { get; } = queueGroup;

    /// <summary>The server's handle of this subscription; 0 while it belongs to no connection.</summary>
    internal int Sid { get; set; }

    /// <summary>Messages still allowed by a limit, or -1; touched on the read loop only.</summary>
    internal int Remaining { get; set; } = -1;

    internal bool HasEnded => Volatile.Read(ref _ended) != 0;

    /// <summary>Why it ended, when it ended by a failure.</summary>
    internal NatsException? EndReason { get; private set; }

    /// <summary>A message arrived. Runs on the read loop: must be short and must not block; spans are valid only during the call.</summary>
    protected internal abstract void Receive(in NatsRawMsg msg);

    /// <summary>Called once: removed, limit reached, connection disposed (reason null), or failed.</summary>
    protected internal virtual void Ended(NatsException? reason)
    {
    }

    /// <summary>Not complete while this subscription wants the read loop to wait.</summary>
    internal virtual ValueTask<bool> WaitForRoomAsync() => new(true);

    internal void End(NatsException? reason)
    {
        if (Interlocked.Exchange(ref _ended, 1) == 0)
        {
            EndReason = reason;
            Ended(reason);
        }
    }
}
