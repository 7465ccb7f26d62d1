namespace Bowline.Hub.Presence;

/// <summary>One proof: how, when, and the round trip where one was measured.</summary>
internal readonly record struct Evidence(EvidenceMethod Method, Moment At, TimeSpan? RoundTrip = null)
{
    /// <summary>The state this proof shows while it is fresh.</summary>
    public LinkState State => Method switch
    {
        EvidenceMethod.Probe or EvidenceMethod.Traffic => LinkState.Online,
        EvidenceMethod.NoResponders or EvidenceMethod.Disconnected or EvidenceMethod.Goodbye => LinkState.Offline,
        _ => LinkState.Unknown,
    };
}
