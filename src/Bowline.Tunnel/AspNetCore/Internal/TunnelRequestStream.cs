using Microsoft.AspNetCore.Http;

namespace Bowline.Tunnel;

/// <summary>The request body for the app: limited, and closed once the request is over.</summary>
internal sealed class TunnelRequestStream(TunnelAppContext context) : TunnelStream
{
    private Stream? _source;
    private long _read;

    public override bool CanRead => true;

    public bool HasBegun { get; private set; }

    public bool AtEnd { get; private set; }

    public void Begin(TunnelExchange exchange)
    {
        _source = exchange.RequestBody;
        _read = 0;
        HasBegun = false;
        AtEnd = false;
    }

    public void End() => _source = null;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var source = _source ?? throw new ObjectDisposedException(nameof(HttpRequest), "The request is over.");
        if (!HasBegun)
        {
            HasBegun = true;
            ThrowIfOver(context.Exchange.RequestContentLength);
        }

        int size;
        try
        {
            size = await source.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (TunnelException exception)
        {
            throw new IOException("The request body ended before its end: " + exception.Message, exception);
        }

        AtEnd |= size == 0 && buffer.Length > 0;
        _read += size;
        ThrowIfOver(_read);
        return size;
    }

    private void ThrowIfOver(long size)
    {
        if (context.MaxRequestBodySize is { } limit && size > limit)
        {
            throw new BadHttpRequestException("The request body is too large.", StatusCodes.Status413PayloadTooLarge);
        }
    }
}
