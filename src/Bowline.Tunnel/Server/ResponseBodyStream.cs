using System.Buffers;

namespace Bowline.Tunnel;

/// <summary>
/// The response body over the output: small writes gather until a flush or the end, large ones leave from the writer's own buffer.
/// After an upgrade it is the stream itself, and every write leaves at once.
/// </summary>
internal sealed class ResponseBodyStream(ServerExchange exchange, ResponseOutput output) : WriteOnlyStream
{
    /// <summary>What is worth copying: about half of what an inlined body may have.</summary>
    private const int GatherLimit = 16 * 1024;

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (exchange.IsUpgraded)
        {
            return WriteUpgradedAsync(buffer, cancellationToken);
        }

        if (output.UnflushedBytes + buffer.Length > GatherLimit)
        {
            return output.SendAsync(buffer, cancellationToken);
        }

        output.Write(buffer.Span);
        return default;
    }

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (exchange.IsUpgraded)
        {
            await output.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        else
        {
            _ = await output.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask WriteUpgradedAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        await output.StartAsync(cancellationToken).ConfigureAwait(false);
        await exchange.RequestBody.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
    }
}
