namespace Bowline.Nats.JetStream;

/// <summary>The confirmation of a publish did not come: the message may or may not be stored.</summary>
public sealed class NatsJSAckLostException : NatsJSException
{
    /// <summary>Creates the exception.</summary>
    public NatsJSAckLostException(string subject, string? msgId, Exception? inner = null)
        : base($"The publish on '{subject}' was not confirmed; whether it is stored is unknown." + (msgId is null ? " Give messages an id to have them sent again safely." : ""), inner)
    {
        Subject = subject;
        MsgId = msgId;
    }

    /// <summary>The subject.</summary>
    public string Subject { get; }

    /// <summary>The message's id; null when it has none.</summary>
    public string? MsgId { get; }
}
