namespace Bowline.Tunnel;

/// <summary>The write side of a stream for code that copies a body. Checks the announced length: a short or long body is an error, not a surprise.</summary>
internal sealed class StreamEndWriteStream(StreamEnd stream, long length) : WriteOnlyStream
{
    private long _written;

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty)
        {
            return;
        }

        _written += buffer.Length;
        if (length >= 0 && _written > length)
        {
            throw new InvalidOperationException("The content is longer than its Content-Length.");
        }

        await stream.SendDataAsync(buffer, end: length >= 0 && _written == length, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask EndAsync()
    {
        if (length >= 0 && _written < length)
        {
            throw new InvalidOperationException("The content is shorter than its Content-Length.");
        }

        if (!stream.SendEnded)
        {
            await stream.SendDataAsync(default, end: true, CancellationToken.None).ConfigureAwait(false);
        }
    }
}
