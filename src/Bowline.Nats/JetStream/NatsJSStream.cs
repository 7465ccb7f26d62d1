using System.Globalization;

namespace Bowline.Nats.JetStream;

/// <summary>A stream.</summary>
public sealed class NatsJSStream
{
    private readonly NatsJSContext _context;

    internal NatsJSStream(NatsJSContext context, StreamInfo info)
    {
        _context = context;
        Info = info;
        Name = NatsName.Check(info.Config?.Name, "stream");
    }

    /// <summary>The stream's name.</summary>
    public string Name { get; }

    /// <summary>Its configuration and state, as of the last answer.</summary>
    public StreamInfo Info { get; private set; }

    /// <summary>Reads <see cref="Info"/> again.</summary>
    public async ValueTask RefreshAsync(CancellationToken cancellationToken = default) =>
        Info = (await _context.GetStreamAsync(Name, cancellationToken).ConfigureAwait(false)).Info;

    /// <inheritdoc cref="NatsJSContext.PurgeStreamAsync"/>
    public ValueTask<ulong> PurgeAsync(string? filter = null, ulong? keep = null, CancellationToken cancellationToken = default) =>
        _context.PurgeStreamAsync(Name, filter, keep, cancellationToken);

    /// <summary>Deletes the stream.</summary>
    public ValueTask DeleteAsync(CancellationToken cancellationToken = default) => _context.DeleteStreamAsync(Name, cancellationToken);

    /// <inheritdoc cref="NatsJSContext.CreateOrUpdateConsumerAsync"/>
    public ValueTask<NatsJSConsumer> CreateOrUpdateConsumerAsync(ConsumerConfig config, CancellationToken cancellationToken = default) =>
        _context.CreateOrUpdateConsumerAsync(Name, config, cancellationToken);

    /// <summary>Reads the message with this sequence; null when there is none.</summary>
    public ValueTask<NatsJSStoredMsg?> GetAsync(ulong sequence, CancellationToken cancellationToken = default) =>
        GetAsync(new MsgGetRequest { Seq = sequence }, cancellationToken);

    /// <summary>Reads the last message on a subject; null when there is none.</summary>
    public ValueTask<NatsJSStoredMsg?> GetLastAsync(string subject, CancellationToken cancellationToken = default)
    {
        SubjectRules.CheckSubscribe(subject);
        return GetAsync(new MsgGetRequest { LastBySubject = subject }, cancellationToken);
    }

    // Direct reads cost the leader nothing; on streams without them the request would only time out.
    private ValueTask<NatsJSStoredMsg?> GetAsync(MsgGetRequest request, CancellationToken cancellationToken) =>
        Info.Config?.AllowDirect == true ? GetDirectAsync(request, cancellationToken) : GetFromLeaderAsync(request, cancellationToken);

    private async ValueTask<NatsJSStoredMsg?> GetDirectAsync(MsgGetRequest request, CancellationToken cancellationToken)
    {
        NatsMsg<byte[]> msg;
        try
        {
            msg = await _context.Connection.RequestAsync<MsgGetRequest, byte[]>(
                $"{_context.Opts.ApiPrefix}.DIRECT.GET.{Name}",
                request,
                requestSerializer: new NatsJsonContextSerializer<MsgGetRequest>(JetStreamJson.Default.MsgGetRequest),
                replyOpts: new NatsSubOpts { Timeout = _context.Opts.RequestTimeout },
                cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        catch (NatsNoReplyException)
        {
            // Direct reads were switched off since, or the server has none.
            return await GetFromLeaderAsync(request, cancellationToken).ConfigureAwait(false);
        }

        if (msg.Headers is not { } headers || headers.Code != 0)
        {
            return msg.Headers?.Code == 404 ? null : throw new NatsJSPullException(msg.Headers?.Code ?? 0, msg.Headers?.MessageText ?? "");
        }

        if (!ulong.TryParse(headers["Nats-Sequence"], NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
            || headers["Nats-Subject"] is not { } subject)
        {
            throw new NatsJSException("A direct read was answered without sequence and subject.");
        }

        _ = DateTimeOffset.TryParse(headers["Nats-Time-Stamp"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time);
        return new NatsJSStoredMsg(subject, sequence, time, headers, msg.Data ?? []);
    }

    private async ValueTask<NatsJSStoredMsg?> GetFromLeaderAsync(MsgGetRequest request, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await _context.CallAsync("STREAM.MSG.GET." + Name, request, JetStreamJson.Default.MsgGetRequest, cancellationToken).ConfigureAwait(false);
            return NatsJSContext.Read(answer, JetStreamJson.Default.MsgGetResponse).Message is { Subject: { } subject } stored
                ? new NatsJSStoredMsg(subject, stored.Seq, stored.Time, stored.Headers is null ? null : NatsHeaders.Parse(stored.Headers), stored.Data ?? [])
                : throw new NatsJSException("A read was answered without a message.");
        }
        catch (NatsJSApiException e) when (e.Error.ErrCode == NatsJSErrorCode.NoMessageFound)
        {
            return null;
        }
    }
}
