namespace Bowline.Nats.JetStream;

/// <summary>The server ended a pull for a reason that pulling again would not cure.</summary>
public sealed class NatsJSPullException : NatsJSException
{
    /// <summary>Creates the exception.</summary>
    public NatsJSPullException(int code, string text)
        : base($"The server ended the pull: {code} {text}.")
    {
        Code = code;
        Text = text;
    }

    /// <summary>The status.</summary>
    public int Code { get; }

    /// <summary>The server's own words.</summary>
    public string Text { get; }
}
