namespace Bowline.Nats.JetStream;

/// <summary>What the next turn of a pull loop brought.</summary>
internal enum PullStepKind
{
    /// <summary>A message.</summary>
    Message,

    /// <summary>Pulls are gone, or may be: the connection was lost and is open again, or the server ended them. Start again.</summary>
    Reopened,

    /// <summary>Two heartbeats were missed.</summary>
    Silent,

    /// <summary>The consumer was deleted.</summary>
    Deleted,

    /// <summary>The server refused the pull.</summary>
    Refused,
}

/// <summary>A turn of a pull loop.</summary>
internal readonly record struct PullStep<T>(PullStepKind Kind, NatsJSMsg<T> Msg, int Code, string Text)
{
    public static PullStep<T> Of(PullStepKind kind, int code = 0, string text = "") => new(kind, default, code, text);
}
