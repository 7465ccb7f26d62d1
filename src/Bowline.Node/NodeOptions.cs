namespace Bowline.Node;

/// <summary>How a node runs.</summary>
public sealed class NodeOptions
{
    /// <summary>The node's folder.</summary>
    public NodeFolder Folder { get; set; } = NodeFolder.In(NodeFolder.DefaultHome);

    /// <summary>This machine's name for people; the hub makes the node's name of it.</summary>
    /// <value>The host name.</value>
    public string MachineName { get; set; } = Environment.MachineName;

    /// <summary>Serve the built-in demo service, so that there is something to look at.</summary>
    /// <value>False: only <c>bowline up</c> turns it on.</value>
    public bool Demo { get; set; }
}
