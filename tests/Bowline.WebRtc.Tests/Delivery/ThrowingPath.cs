namespace Bowline.WebRtc.Tests.Delivery;

/// <summary>A path that its owner has disposed too early.</summary>
internal sealed class ThrowingPath : IDatagramPath
{
    public void Start(IDatagramReceiver receiver)
    {
    }

    public bool TrySend(ReadOnlySpan<byte> datagram) => throw new ObjectDisposedException(nameof(ThrowingPath));

    public ValueTask DisposeAsync() => default;
}
