namespace Bowline.Node.Link;

/// <summary>Hears what happens to one connection after it was opened.</summary>
internal interface ILinkWatcher
{
    /// <summary>The connection was lost; it tries to come back by itself.</summary>
    public void Lost(string text);

    /// <summary>It is back.</summary>
    public void Regained();

    /// <summary>The server refuses its credentials; it will not come back.</summary>
    public void Rejected(string text);
}
