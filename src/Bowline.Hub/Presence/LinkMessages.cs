namespace Bowline.Hub.Presence;

/// <summary>A link as the API shows it; the round trip is the last measured one, whatever the newest evidence is.</summary>
internal sealed record LinkResponse(
    string DeviceId,
    string Name,
    string MachineName,
    string Version,
    string State,
    DateTimeOffset Since,
    EvidenceResponse Evidence,
    double? RoundTripMs,
    DateTimeOffset? RoundTripAt,
    IReadOnlyList<NodeServiceInfo> Services,
    DateTimeOffset? StartedAt,
    DateTimeOffset EnrolledAt)
{
    public static LinkResponse From(LinkInfo link) => new(
        link.Device.Id.ToString(),
        link.Device.Slug,
        link.Device.MachineName,
        link.Status?.CliVersion ?? link.Device.Version,
        StateName(link.Presence.State),
        link.Presence.Since,
        EvidenceResponse.From(link.Presence.Evidence),
        link.Presence.RoundTrip?.Milliseconds,
        link.Presence.RoundTrip?.At,
        link.Status?.Services ?? [],
        link.Status?.StartedAt,
        link.Device.EnrolledAt);

    public static string StateName(LinkState state) => state switch
    {
        LinkState.Online => "online",
        LinkState.Offline => "offline",
        _ => "unknown",
    };
}

/// <summary>The proof behind a state.</summary>
internal sealed record EvidenceResponse(string Method, DateTimeOffset At, double? RttMs)
{
    public static EvidenceResponse From(Evidence evidence) =>
        new(evidence.MethodName, evidence.At, evidence.RoundTrip is { } rtt ? Math.Round(rtt.TotalMilliseconds, 3) : null);
}

/// <summary>The answer to a ping.</summary>
internal sealed record PingResponse(string State, EvidenceResponse Evidence);

/// <summary>An event of the stream: a device is no longer enrolled.</summary>
internal sealed record LinkRemoved(string DeviceId);

/// <summary>The first event of the stream: all links of the account.</summary>
internal sealed record LinkSnapshot(IReadOnlyList<LinkResponse> Links);

/// <summary>A regular sign that the stream lives.</summary>
internal sealed record LinkBeat(DateTimeOffset At);
