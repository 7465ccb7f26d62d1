namespace Bowline.Bench.Load.Scenarios;

/// <summary>A client and the address of the target app as it reaches it.</summary>
internal sealed class HttpLink(HttpMessageInvoker client, Uri url, params IReadOnlyList<IAsyncDisposable> owned) : IAsyncDisposable
{
    public HttpMessageInvoker Client { get; } = client;

    public Uri Url { get; } = url;

    /// <summary>A keep-alive client on plain sockets, as many connections as there are requests.</summary>
    public static HttpMessageInvoker Sockets()
        => new(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false });

    public async ValueTask SmallAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Url, "/small"));
        using var response = await Client.SendAsync(request, cancellationToken);
        response.EnsureSuccessStatusCode();
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        if (body.Length is not 13)
        {
            throw new InvalidDataException($"{Url} answered {body.Length} bytes");
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();

        // What it stands on, the newest first.
        foreach (var resource in owned.Reverse())
        {
            await resource.DisposeAsync();
        }
    }
}
