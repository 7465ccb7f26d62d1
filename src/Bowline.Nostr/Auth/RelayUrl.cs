using System.Diagnostics.CodeAnalysis;

namespace Bowline.Nostr;

/// <summary>One spelling for each relay's address, so that addresses can be compared.</summary>
public static class RelayUrl
{
    /// <summary>Reads a <c>ws</c> or <c>wss</c> address into its one spelling.</summary>
    /// <param name="text">As people or events write it.</param>
    /// <param name="url">The address, normalised.</param>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out Uri? url)
    {
        url = Uri.TryCreate(text, UriKind.Absolute, out var parsed) && IsRelay(parsed) ? Normalize(parsed) : null;
        return url is not null;
    }

    /// <summary>The one spelling: lower-case scheme and host, no default port, no user, no fragment, no slash at the end of a path.</summary>
    /// <param name="url">A <c>ws</c> or <c>wss</c> address.</param>
    /// <exception cref="ArgumentException">Another scheme, or not absolute.</exception>
    public static Uri Normalize(Uri url)
    {
        ArgumentNullException.ThrowIfNull(url);
        if (!IsRelay(url))
        {
            throw new ArgumentException($"A relay's address begins with ws:// or wss://, unlike '{url}'.", nameof(url));
        }

        // Uri itself has lowered scheme and host and dropped the default port.
        var path = url.AbsolutePath.TrimEnd('/');
        return new($"{url.Scheme}://{url.Authority}{(path.Length == 0 ? "/" : path)}{url.Query}");
    }

    private static bool IsRelay(Uri url) => url.IsAbsoluteUri && url.Scheme is "ws" or "wss" && url.Host.Length > 0;
}
