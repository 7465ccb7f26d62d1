namespace Bowline.Node.Link;

/// <summary>What a node says about itself on <c>links.&lt;deviceId&gt;.here</c>.</summary>
/// <param name="Event"><c>here</c> or <c>goodbye</c>.</param>
/// <param name="Reason">Why it is here.</param>
internal sealed record HereMessage(string Event, HereReason? Reason);
