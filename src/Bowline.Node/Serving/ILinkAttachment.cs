namespace Bowline.Node.Serving;

/// <summary>One connection the tunnel is served over.</summary>
internal interface ILinkAttachment : IAsyncDisposable
{
    /// <summary>Moves streams to the newer connection and waits for the rest; what is left when the token fires is reset.</summary>
    public Task DetachAsync(CancellationToken deadline);
}
