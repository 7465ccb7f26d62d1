using System.Net.WebSockets;

namespace Bowline.Nats;

/// <summary>What is added to the WebSocket upgrade request.</summary>
public sealed record NatsWebSocketOpts
{
    /// <summary>The default: nothing.</summary>
    public static readonly NatsWebSocketOpts Default = new();

    /// <summary>Headers of every upgrade request.</summary>
    public IReadOnlyDictionary<string, string>? RequestHeaders { get; init; }

    /// <summary>Asked at each connect, so that a short-lived bearer token is fresh each time.</summary>
    public Func<Uri, CancellationToken, ValueTask<IReadOnlyDictionary<string, string>>>? RequestHeadersCallback { get; init; }

    /// <summary>Asked at each connect, last, with everything that can be set on the socket.</summary>
    public Func<Uri, ClientWebSocketOptions, CancellationToken, ValueTask>? ConfigureClientWebSocketOptions { get; init; }

    internal async ValueTask ApplyAsync(Uri uri, ClientWebSocketOptions options, CancellationToken cancellationToken)
    {
        Set(options, RequestHeaders);
        if (RequestHeadersCallback is not null)
        {
            Set(options, await RequestHeadersCallback(uri, cancellationToken).ConfigureAwait(false));
        }

        if (ConfigureClientWebSocketOptions is not null)
        {
            await ConfigureClientWebSocketOptions(uri, options, cancellationToken).ConfigureAwait(false);
        }
    }

    private static void Set(ClientWebSocketOptions options, IReadOnlyDictionary<string, string>? headers)
    {
        foreach (var (name, value) in headers ?? new Dictionary<string, string>())
        {
            options.SetRequestHeader(name, value);
        }
    }
}
