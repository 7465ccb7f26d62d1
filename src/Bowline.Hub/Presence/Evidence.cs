namespace Bowline.Hub.Presence;

/// <summary>One proof: how, when, and the round trip when it was measured.</summary>
internal readonly record struct Evidence(EvidenceMethod Method, DateTimeOffset At, TimeSpan? RoundTrip = null)
{
    /// <summary>The state this proof shows while it is fresh.</summary>
    public LinkState State => Method switch
    {
        EvidenceMethod.Probe or EvidenceMethod.Traffic => LinkState.Online,
        EvidenceMethod.NoResponders or EvidenceMethod.Disconnected or EvidenceMethod.Goodbye => LinkState.Offline,
        _ => LinkState.Unknown,
    };

    /// <summary>The method as the API writes it.</summary>
    public string MethodName => Method switch
    {
        EvidenceMethod.Probe => "probe",
        EvidenceMethod.Traffic => "traffic",
        EvidenceMethod.NoResponders => "no-responders",
        EvidenceMethod.Disconnected => "disconnected",
        EvidenceMethod.ProbeTimeout => "probe-timeout",
        EvidenceMethod.Goodbye => "goodbye",
        _ => "none",
    };
}
