using System.Net.Http.Headers;

namespace Bowline.Nostr;

/// <summary>Fetches a relay's information document (NIP-11), bounded in size and time.</summary>
internal static class InformationClient
{
    // No redirect, no cookie: the document is the relay's own or it is none.
    private static readonly HttpMessageInvoker Own = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });

    /// <summary>The document, or null when there is none in time.</summary>
    public static async Task<RelayInformation?> FetchAsync(Uri relay, RelayClientOptions options, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(options.InformationTimeout, options.TimeProvider);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new UriBuilder(relay) { Scheme = relay.Scheme == "wss" ? "https" : "http" }.Uri);
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/nostr+json"));
            using var response = await (options.Http ?? Own).SendAsync(request, limit.Token).ConfigureAwait(false);
            return response.IsSuccessStatusCode ? RelayInformation.TryRead(await ReadAsync(response, options.MaxInformationBytes, limit.Token).ConfigureAwait(false)) : null;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            return null;
        }
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpResponseMessage response, int most, CancellationToken cancellationToken)
    {
        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using var closing = stream.ConfigureAwait(false);
        var buffer = new byte[most + 1];
        var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);

        // One that is too long is no document.
        return length > most ? default : buffer.AsMemory(0, length);
    }
}
