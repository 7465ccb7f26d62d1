namespace Bowline.Tunnel;

/// <summary>The request body; the first read answers <c>Expect: 100-continue</c>.</summary>
internal sealed class RequestBodyStream(ServerExchange exchange, StreamEnd stream) : StreamEndStream(stream, duplex: false)
{
    private bool _continued;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await ContinueAsync().ConfigureAwait(false);
        return await base.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
    }

    public override async Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken)
    {
        await ContinueAsync().ConfigureAwait(false);
        await base.CopyToAsync(destination, bufferSize, cancellationToken).ConfigureAwait(false);
    }

    // A handler that closes its request body has not refused the exchange.
    protected override void Release()
    {
    }

    private ValueTask ContinueAsync()
    {
        if (_continued)
        {
            return default;
        }

        _continued = true;
        return exchange.SendContinueAsync();
    }
}
