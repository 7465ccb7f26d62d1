namespace Bowline.Node.Link;

/// <summary>A picture of the link for people and scripts.</summary>
/// <param name="Phase">What the node knows about its link.</param>
/// <param name="Since">Since when.</param>
/// <param name="ConnectedCount">How many connections were opened since the start, renewals included.</param>
/// <param name="SessionEndsAt">When the credentials in use end; null without any.</param>
/// <param name="LastError">The latest failure, kept until the link is online again.</param>
internal sealed record LinkStatus(LinkPhase Phase, DateTimeOffset Since, int ConnectedCount, DateTimeOffset? SessionEndsAt, string? LastError);
