namespace Bowline.Nats;

/// <summary>A stream of bytes to a server. One reader and one writer at a time.</summary>
internal interface INatsTransport : IAsyncDisposable
{
    /// <summary>Reads at least one byte; 0 means the server closed.</summary>
    public ValueTask<int> ReceiveAsync(Memory<byte> buffer);

    /// <summary>Writes all of the bytes.</summary>
    public ValueTask SendAsync(ReadOnlyMemory<byte> bytes);

    /// <summary>Ends pending operations now; says no goodbye.</summary>
    public void Abort();
}
