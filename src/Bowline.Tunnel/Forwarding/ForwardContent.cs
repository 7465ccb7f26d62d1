using System.Buffers;
using System.Net;

namespace Bowline.Tunnel;

/// <summary>The request body on its way to the local service, chunk by chunk, each flushed.</summary>
internal sealed class ForwardContent : HttpContent
{
    private readonly TunnelExchange _exchange;

    public ForwardContent(TunnelExchange exchange)
    {
        _exchange = exchange;
        if (exchange.RequestLength >= 0)
        {
            Headers.ContentLength = exchange.RequestLength;
        }
    }

    public long Copied { get; private set; }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            int count;
            while ((count = await _exchange.RequestBody.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
            {
                await stream.WriteAsync(buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
                await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
                Copied += count;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _exchange.RequestLength;
        return length >= 0;
    }
}
