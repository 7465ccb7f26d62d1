namespace Bowline.Node;

/// <summary>The node could not do something: <see cref="Error"/> says why for programs, the message for people.</summary>
public sealed class NodeException : Exception
{
    /// <summary>An unavailable hub.</summary>
    public NodeException()
        : this("The node failed.")
    {
    }

    /// <summary>An unavailable hub, with a message.</summary>
    public NodeException(string message)
        : this(message, null)
    {
    }

    /// <summary>An unavailable hub, with a message and what failed underneath.</summary>
    public NodeException(string message, Exception? innerException)
        : this(NodeError.HubUnavailable, message, innerException)
    {
    }

    /// <summary>A failure with its reason.</summary>
    public NodeException(NodeError error, string message, Exception? innerException = null)
        : base(message, innerException) => Error = error;

    /// <summary>Why.</summary>
    public NodeError Error { get; }
}
