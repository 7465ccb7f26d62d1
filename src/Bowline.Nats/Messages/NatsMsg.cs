namespace Bowline.Nats;

/// <summary>A received message.</summary>
/// <param name="Subject">The subject it was published on. For the answer of a request: the inbox of this connection.</param>
/// <param name="ReplyTo">Where an answer goes, or null.</param>
/// <param name="Size">Bytes of headers and payload.</param>
/// <param name="Headers">Its headers, or null.</param>
/// <param name="Data">Its value.</param>
/// <param name="Connection">The connection it came from.</param>
/// <param name="Error">Why the value could not be read, or null.</param>
public readonly record struct NatsMsg<T>(
    string Subject, string? ReplyTo, int Size, NatsHeaders? Headers, T? Data, NatsConnection? Connection, NatsException? Error = null)
{
    /// <summary>Throws when the value could not be read.</summary>
    public void EnsureSuccess()
    {
        if (Error is not null)
        {
            throw Error;
        }
    }

    /// <summary>Answers the message.</summary>
    /// <exception cref="NatsException">The message asks for no answer.</exception>
    public ValueTask ReplyAsync<TReply>(
        TReply data, NatsHeaders? headers = null, INatsSerialize<TReply>? serializer = null, CancellationToken cancellationToken = default)
    {
        if (ReplyTo is null || Connection is null)
        {
            throw new NatsException("The message asks for no answer.");
        }

        return Connection.PublishAsync(ReplyTo, data, headers, replyTo: null, serializer, opts: null, cancellationToken);
    }

    internal static NatsMsg<T> Create(in NatsRawMsg raw, string subject, INatsDeserialize<T> deserializer, NatsConnection connection)
    {
        var size = raw.Headers.Length + raw.Payload.Length;
        var replyTo = raw.ReplyTo.IsEmpty ? null : System.Text.Encoding.UTF8.GetString(raw.ReplyTo);
        try
        {
            var headers = raw.Headers.IsEmpty ? null : NatsHeaders.Parse(raw.Headers);
            return new(subject, replyTo, size, headers, deserializer.Deserialize(new(raw.PayloadMemory)), connection);
        }
        catch (Exception e)
        {
            var error = e as NatsException ?? new NatsDeserializeException($"The payload is not a {typeof(T).Name}: {e.Message}", e);
            return new(subject, replyTo, size, null, default, connection, error);
        }
    }
}
