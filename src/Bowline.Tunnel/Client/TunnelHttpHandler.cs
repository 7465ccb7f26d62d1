namespace Bowline.Tunnel;

/// <summary>
/// Lets an <see cref="HttpClient"/> reach nodes at <c>http://&lt;service&gt;.&lt;node&gt;.bowline/</c>. A request whose start is unknown is sent
/// once more only when it is idempotent or carries an <c>Idempotency-Key</c>; no other request is ever sent twice.
/// </summary>
public sealed class TunnelHttpHandler(TunnelClient client, ITunnelNodeResolver resolver) : HttpMessageHandler
{
    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!TunnelAddress.TryParse(request.RequestUri, out var address))
        {
            throw new TunnelException(TunnelError.RequestInvalid, $"The address must look like http://<service>.<node>.{TunnelAddress.TopLabel}/.");
        }

        var target = await resolver.ResolveAsync(address.Node, address.Service, cancellationToken).ConfigureAwait(false)
            ?? throw new TunnelException(TunnelError.RequestInvalid, $"There is no node called {address.Node}.");
        var replayable = IsReplayable(request);
        try
        {
            return await client.SendAsync(target, request, cancellationToken).ConfigureAwait(false);
        }
        catch (TunnelException e) when (e.MayRetry && replayable)
        {
            return await client.SendAsync(target, request, cancellationToken).ConfigureAwait(false);
        }
    }

    private bool IsReplayable(HttpRequestMessage request) =>
        (HeadRules.IsIdempotent(request.Method.Method) || request.Headers.NonValidated.Contains("Idempotency-Key"))
        && client.CanInline(request.Content);
}
