namespace Bowline.Nats.JetStream;

/// <summary>No stream keeps the subject of a publish, or JetStream is off: nothing was stored.</summary>
public sealed class NatsJSNoStreamException : NatsJSException
{
    /// <summary>Creates the exception.</summary>
    public NatsJSNoStreamException(string subject)
        : base($"No stream keeps messages on '{subject}'.") => Subject = subject;

    /// <summary>The subject.</summary>
    public string Subject { get; }
}
