namespace Bowline.Nats.JetStream;

/// <summary>Conditions and identity of one publish.</summary>
public sealed record NatsJSPubOpts
{
    /// <summary>The message's id: within the stream's duplicate window it is kept once, however often it is sent.</summary>
    public string? MsgId { get; init; }

    /// <summary>The name of the stream that must keep it.</summary>
    public string? ExpectedStream { get; init; }

    /// <summary>The id the stream's last message must have.</summary>
    public string? ExpectedLastMsgId { get; init; }

    /// <summary>The sequence the stream's last message must have.</summary>
    public ulong? ExpectedLastSequence { get; init; }

    /// <summary>The sequence the last message of the subject must have; 0 for none.</summary>
    public ulong? ExpectedLastSubjectSequence { get; init; }

    internal NatsHeaders? ToHeaders(NatsHeaders? others)
    {
        if (this is { MsgId: null, ExpectedStream: null, ExpectedLastMsgId: null, ExpectedLastSequence: null, ExpectedLastSubjectSequence: null })
        {
            return others;
        }

        var headers = new NatsHeaders();
        foreach (var (name, value) in others ?? [])
        {
            headers.Add(name, value);
        }

        headers["Nats-Msg-Id"] = MsgId ?? headers["Nats-Msg-Id"];
        headers["Nats-Expected-Stream"] = ExpectedStream ?? headers["Nats-Expected-Stream"];
        headers["Nats-Expected-Last-Msg-Id"] = ExpectedLastMsgId ?? headers["Nats-Expected-Last-Msg-Id"];
        headers["Nats-Expected-Last-Sequence"] = Text(ExpectedLastSequence) ?? headers["Nats-Expected-Last-Sequence"];
        headers["Nats-Expected-Last-Subject-Sequence"] = Text(ExpectedLastSubjectSequence) ?? headers["Nats-Expected-Last-Subject-Sequence"];
        return headers;
    }

    private static string? Text(ulong? value) => value?.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
