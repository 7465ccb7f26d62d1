namespace Bowline.Nostr;

/// <summary>What is wrong with a message, and as much of it as is needed to answer its sender (NIP-01).</summary>
/// <param name="Text">In words for the sender, without a prefix.</param>
public sealed record MessageProblem(string Text)
{
    /// <summary>The type the message gave, such as <c>REQ</c>, when it is one we know; else null.</summary>
    public string? Type { get; init; }

    /// <summary>The id of the subscription, when there is a right one: a REQ or COUNT is then answered by CLOSED.</summary>
    public string? SubscriptionId { get; init; }

    /// <summary>The id the event gave, when there is one: an EVENT or AUTH is then answered by OK.</summary>
    public EventId? EventId { get; init; }

    /// <summary>What a relay answers: OK false, CLOSED, or else a NOTICE, with <c>invalid:</c> before the words.</summary>
    public RelayMessage ToAnswer()
    {
        var text = ReasonPrefix.Invalid + Text;
        return EventId is { } id ? new RelayOkMessage(id, Accepted: false, text)
            : SubscriptionId is { } subscription && Type is MessageTypes.Request or MessageTypes.Count ? new RelayClosedMessage(subscription, text)
            : new RelayNoticeMessage(text);
    }
}
