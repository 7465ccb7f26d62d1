namespace Bowline.Nats;

internal enum ServerOpKind
{
    Msg,
    Info,
    Ping,
    Pong,
    Ok,
    Err,
}

/// <summary>One parsed operation of the server; its spans die with the next call of the reader.</summary>
internal readonly ref struct ServerOp
{
    public ServerOp(ServerOpKind kind, ReadOnlySpan<byte> text)
    {
        Kind = kind;
        Text = text;
    }

    public ServerOp(int sid, NatsRawMsg msg, int size)
    {
        Kind = ServerOpKind.Msg;
        Sid = sid;
        Msg = msg;
        Size = size;
    }

    public ServerOpKind Kind { get; }

    public int Sid { get; }

    /// <summary>Bytes of headers and payload of a message.</summary>
    public int Size { get; }

    /// <summary>The JSON of INFO, or the words of -ERR without quotes.</summary>
    public ReadOnlySpan<byte> Text { get; }

    public NatsRawMsg Msg { get; }
}
