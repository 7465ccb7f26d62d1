namespace Bowline.Tunnel;

/// <summary>The response body for the app.</summary>
internal sealed class TunnelResponseStream(TunnelAppContext context) : TunnelStream
{
    public override bool CanWrite => true;

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => context.WriteBodyAsync(buffer, cancellationToken);

    public override Task FlushAsync(CancellationToken cancellationToken) => context.FlushBodyAsync(lazy: false, cancellationToken).AsTask();
}
