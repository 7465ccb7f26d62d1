namespace Bowline.Tunnel;

/// <summary>Both directions of an upgraded exchange; every write leaves at once.</summary>
internal sealed class TunnelUpgradeStream(TunnelExchange exchange) : TunnelStream
{
    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return await exchange.RequestBody.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (TunnelException exception)
        {
            throw new IOException(exception.Message, exception);
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            await exchange.ResponseBody.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
            await exchange.ResponseBody.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (TunnelException exception)
        {
            throw new IOException(exception.Message, exception);
        }
    }
}
