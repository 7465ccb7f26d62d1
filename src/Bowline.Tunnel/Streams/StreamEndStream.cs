namespace Bowline.Tunnel;

/// <summary>A received body as a stream; after an upgrade also the way to write. Disposing an unfinished one cancels the exchange.</summary>
internal class StreamEndStream(StreamEnd stream, bool duplex) : Stream
{
    private bool _ended;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => duplex;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        if (count == 0 && buffer.Length > 0)
        {
            AtEnd();
        }

        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override async Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken)
    {
        await stream.CopyToAsync(destination, cancellationToken).ConfigureAwait(false);
        AtEnd();
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        !duplex ? throw new NotSupportedException() : buffer.IsEmpty ? default : stream.SendDataAsync(buffer, end: false, cancellationToken);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) => WriteAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>The last byte was read.</summary>
    protected virtual void AtEnd() => _ended = true;

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Release();
        }

        base.Dispose(disposing);
    }

    public override async ValueTask DisposeAsync()
    {
        if (duplex)
        {
            await EndAsync().ConfigureAwait(false);
        }

        await base.DisposeAsync().ConfigureAwait(false);
        GC.SuppressFinalize(this);
    }

    protected virtual void Release()
    {
        if (duplex)
        {
            _ = EndAsync();
        }
        else if (!_ended)
        {
            stream.Abandon();
        }
    }

    /// <summary>Our last bytes arrive in order; then the other direction is given up if it still runs.</summary>
    private async Task EndAsync()
    {
        try
        {
            if (stream is { SendEnded: false, Failure: null })
            {
                await stream.SendDataAsync(default, end: true, CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is TunnelException or InvalidOperationException)
        {
            // Failed meanwhile, or a write is under way: it ends with the abandoned stream.
        }

        stream.Abandon();
    }
}
