namespace Bowline.Hub.Presence;

/// <summary>What a step wants done.</summary>
internal abstract record PresenceEffect
{
    /// <summary>Ask the node now, and give up after the timeout.</summary>
    public sealed record StartProbe(long Id, TimeSpan Timeout) : PresenceEffect;

    /// <summary>The answer of this probe is no longer wanted.</summary>
    public sealed record CancelProbe(long Id) : PresenceEffect;

    /// <summary>What is shown has changed: the state, or its proof.</summary>
    public sealed record Show : PresenceEffect;
}
