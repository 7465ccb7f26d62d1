namespace Bowline.Node.Link;

/// <summary>What can happen to the link loop.</summary>
internal abstract record LinkEvent
{
    internal sealed record Started : LinkEvent;

    internal sealed record Ticked : LinkEvent;

    internal sealed record SessionReceived(int Op, LinkSession Session) : LinkEvent;

    internal sealed record SessionFailed(int Op, NodeError Fault, string Text) : LinkEvent;

    /// <summary>The connection of this operation is up and serves; from now on the operation's number names the link.</summary>
    internal sealed record Dialed(int Op) : LinkEvent;

    internal sealed record DialFailed(int Op, NodeError Fault, string Text) : LinkEvent;

    internal sealed record Lost(int Link, string Text) : LinkEvent;

    internal sealed record Regained(int Link) : LinkEvent;

    /// <summary>The server refused the link's credentials while it tried to come back.</summary>
    internal sealed record Rejected(int Link, string Text) : LinkEvent;

    internal sealed record ProbeAnswered(int Link, int Probe) : LinkEvent;

    internal sealed record ProbeFailed(int Link, int Probe) : LinkEvent;

    /// <summary>The process runs again after a freeze or sleep.</summary>
    internal sealed record Resumed : LinkEvent;

    /// <summary>The machine's addresses changed.</summary>
    internal sealed record NetworkChanged : LinkEvent;

    internal sealed record StopRequested : LinkEvent;
}
