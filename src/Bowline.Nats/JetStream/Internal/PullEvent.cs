namespace Bowline.Nats.JetStream;

/// <summary>What came into a pull's inbox: a message, a status of the server, or the word that the connection was lost and opened again.</summary>
internal readonly record struct PullEvent<T>(NatsJSMsg<T> Msg, int Code, string Text, int PendingMsgs, bool Reopened)
{
    public static PullEvent<T> ConnectionReopened { get; } = new(default, 0, "", 0, true);

    public bool IsMessage => Code == 0 && !Reopened;
}
