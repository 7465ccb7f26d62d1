namespace Bowline.Node.Link;

/// <summary>One connection that serves the tunnel. Disposing it closes it without waiting for the other side.</summary>
internal interface ILinkConnection : IAsyncDisposable
{
    /// <summary>Asks the server for a sign of life.</summary>
    public Task PingAsync(CancellationToken cancellationToken);

    /// <summary>Tells the hub that this node is here, so that it probes at once.</summary>
    public Task SayHereAsync(HereReason reason, CancellationToken cancellationToken);

    /// <summary>Tells the hub that this node stops.</summary>
    public Task SayGoodbyeAsync(CancellationToken cancellationToken);

    /// <summary>Lets streams move to the newer connection and end; what is left when the token fires is reset.</summary>
    public Task DrainAsync(CancellationToken deadline);
}
