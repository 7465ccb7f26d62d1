using System.Net;

namespace Bowline.Tunnel;

/// <summary>The caller's body as the HTTP client wants it: streamed, with its announced length or chunked.</summary>
internal sealed class ForwardContent(TunnelExchange exchange, BodyCount count) : HttpContent
{
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        try
        {
            await BodyCopy.RunAsync(exchange.RequestBody, stream, count, cancellationToken).ConfigureAwait(false);
        }
        catch (TunnelException exception)
        {
            throw new RequestBodyException(exception);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = exchange.RequestContentLength;
        return length >= 0;
    }
}
