namespace Bowline.WebRtc.Tests.Delivery;

/// <summary>A path that takes every datagram and carries none.</summary>
internal sealed class SilentPath : IDatagramPath
{
    /// <summary>From now on a connection hears, and is not heard.</summary>
    public static async Task<SilentPath> MuteAsync(PeerConnection connection)
    {
        var path = new SilentPath();
        connection.UsePath(path);
        await Task.Delay(200); // What was under way has arrived.
        return path;
    }

    public void Start(IDatagramReceiver receiver)
    {
    }

    public bool TrySend(ReadOnlySpan<byte> datagram) => true;

    public ValueTask DisposeAsync() => default;
}
