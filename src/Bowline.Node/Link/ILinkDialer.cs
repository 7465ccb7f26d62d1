namespace Bowline.Node.Link;

/// <summary>Opens connections and serves the tunnel over them.</summary>
internal interface ILinkDialer
{
    /// <summary>Connects and serves.</summary>
    /// <param name="session">Addresses and credentials.</param>
    /// <param name="watcher">Told when the connection is lost, regained or refused; called on any thread, must not block.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="NodeException">No connection, with the reason.</exception>
    public Task<ILinkConnection> DialAsync(LinkSession session, ILinkWatcher watcher, CancellationToken cancellationToken);
}
