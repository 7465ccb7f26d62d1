namespace Bowline.Nostr;

/// <summary>One use of a pool's connection to a relay, which is kept while it has users. Disposal ends the use.</summary>
public sealed class RelayLease : IDisposable
{
    private readonly Action _release;
    private int _isDisposed;

    internal RelayLease(RelayConnection connection, Action release)
    {
        Connection = connection;
        _release = release;
    }

    /// <summary>The connection; not to be disposed by its users.</summary>
    public RelayConnection Connection { get; }

    /// <summary>Ends the use.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            _release();
        }
    }
}
