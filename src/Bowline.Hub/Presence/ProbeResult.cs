namespace Bowline.Hub.Presence;

/// <summary>What one probe found.</summary>
internal readonly record struct ProbeResult(ProbeOutcome Outcome, NodeStatus? Status = null);
