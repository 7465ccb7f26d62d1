namespace Bowline.WebRtc.Tests.Delivery;

/// <summary>A path that takes every datagram and carries none.</summary>
internal sealed class SilentPath : IDatagramPath
{
    public void Start(IDatagramReceiver receiver)
    {
    }

    public bool TrySend(ReadOnlySpan<byte> datagram) => true;

    public ValueTask DisposeAsync() => default;
}
