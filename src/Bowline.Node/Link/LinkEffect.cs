using Bowline.Core.Health;

namespace Bowline.Node.Link;

/// <summary>What the link loop wants done. Nothing here is awaited by the machine; results come back as events.</summary>
internal abstract record LinkEffect
{
    /// <summary>Ask the hub for a session.</summary>
    internal sealed record Fetch(int Op) : LinkEffect;

    /// <summary>Connect with the session and serve the tunnel over it, all before <see cref="LinkEvent.Dialed"/>.</summary>
    internal sealed record Dial(int Op, LinkSession Session) : LinkEffect;

    /// <summary>Cancel the operation; its result is of no use any more.</summary>
    internal sealed record Abandon(int Op) : LinkEffect;

    /// <summary>Move streams off the link, then close it; reset what is left at the deadline.</summary>
    internal sealed record Drain(int Link, TimeSpan Deadline) : LinkEffect;

    /// <summary>Let go of the link at once and close it in the background.</summary>
    internal sealed record Drop(int Link) : LinkEffect;

    internal sealed record SayHere(int Link, HereReason Reason) : LinkEffect;

    /// <summary>Tell the hub that the node stops, then let go of the link.</summary>
    internal sealed record SayGoodbye(int Link) : LinkEffect;

    internal sealed record Probe(int Link, int Number) : LinkEffect;

    internal sealed record Raise(HealthCode Code, string Text, string? Command) : LinkEffect;

    internal sealed record Clear(HealthCode Code) : LinkEffect;
}
