namespace Bowline.Node.Link;

/// <summary>Where link sessions come from.</summary>
internal interface ISessionSource
{
    /// <summary>Asks for a session.</summary>
    /// <exception cref="NodeException">No session, with the reason.</exception>
    public Task<LinkSession> FetchAsync(CancellationToken cancellationToken);
}
