namespace Bowline.Nats;

/// <summary>The one subscription all answers come to.</summary>
internal sealed class RequestInbox(string inbox, RequestTable table) : NatsSubBase(inbox + ".*", null)
{
    private readonly int _prefixLength = inbox.Length + 1;

    protected internal override void Receive(in NatsRawMsg msg)
    {
        if (msg.Subject.Length > _prefixLength && table.TryTake(msg.Subject[_prefixLength..], out var slot))
        {
            slot.Complete(msg);
        }
    }

    protected internal override void Ended(NatsException? reason)
    {
        if (reason is not null)
        {
            table.FailAll(static _ => true, _ => reason);
        }
    }
}
