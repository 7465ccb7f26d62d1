namespace Bowline.WebRtc.Tests.Delivery;

/// <summary>A path that its owner has disposed too early.</summary>
internal sealed class ThrowingPath : IDatagramPath
{
    private int _thrown;

    /// <summary>Datagrams that it was given.</summary>
    public int Thrown => Volatile.Read(ref _thrown);

    public void Start(IDatagramReceiver receiver)
    {
    }

    public bool TrySend(ReadOnlySpan<byte> datagram)
    {
        Interlocked.Increment(ref _thrown);
        throw new ObjectDisposedException(nameof(ThrowingPath));
    }

    public ValueTask DisposeAsync() => default;
}
