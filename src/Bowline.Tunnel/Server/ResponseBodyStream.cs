namespace Bowline.Tunnel;

/// <summary>The response body as a stream over the output.</summary>
internal sealed class ResponseBodyStream(ResponseOutput output) : WriteOnlyStream
{
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => output.SendAsync(buffer, cancellationToken);

    public override async Task FlushAsync(CancellationToken cancellationToken) => _ = await output.FlushAsync(cancellationToken).ConfigureAwait(false);
}
