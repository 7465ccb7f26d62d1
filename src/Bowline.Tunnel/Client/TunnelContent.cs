using System.Net;

namespace Bowline.Tunnel;

/// <summary>A response body; its stream reads straight from the tunnel's buffers.</summary>
internal sealed class TunnelContent(ClientStream stream, HttpResponseMessage response, ResponseHead head, Task upload) : HttpContent
{
    private BodyStream? _body;

    /// <summary>The request body's way out, owned by the stream: when that ends, this ends.</summary>
    internal Task Upload => upload;

    protected override Stream CreateContentReadStream(CancellationToken cancellationToken) => _body ??= new BodyStream(stream, response, head.Status == 101);

    protected override Task<Stream> CreateContentReadStreamAsync() => Task.FromResult(CreateContentReadStream(CancellationToken.None));

    protected override Task SerializeToStreamAsync(Stream destination, TransportContext? context) => SerializeToStreamAsync(destination, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream destination, TransportContext? context, CancellationToken cancellationToken) =>
        CreateContentReadStream(cancellationToken).CopyToAsync(destination, cancellationToken);

    // HttpContent would buffer up to this; -1 means "by its Content-Length header or unknown".
    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            if (_body is not null)
            {
                _body.Dispose();
            }
            else
            {
                stream.Abandon();
            }
        }

        base.Dispose(disposing);
    }

    private sealed class BodyStream(ClientStream stream, HttpResponseMessage response, bool duplex) : StreamEndStream(stream, duplex)
    {
        private readonly ClientStream _stream = stream;

        protected override void AtEnd()
        {
            base.AtEnd();
            foreach (var (name, value) in _stream.ReceivedTrailers ?? [])
            {
                _ = response.TrailingHeaders.TryAddWithoutValidation(name, value);
            }
        }
    }
}
