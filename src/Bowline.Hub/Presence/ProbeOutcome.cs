namespace Bowline.Hub.Presence;

/// <summary>How a probe ended.</summary>
internal enum ProbeOutcome
{
    /// <summary>The node answered.</summary>
    Answered,

    /// <summary>NATS says that nobody listens.</summary>
    NoResponders,

    /// <summary>No answer in time.</summary>
    TimedOut,

    /// <summary>The hub's own way to NATS is broken: says nothing about the node.</summary>
    Impossible,
}
