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
        url = null;
        return Uri.TryCreate(text, UriKind.Absolute, out var parsed) && TryNormalize(parsed, out url);
    }

    /// <summary>The one spelling: lower-case scheme and host, no default port, no user, no fragment, no slash at the end of a path.</summary>
    /// <param name="url">A <c>ws</c> or <c>wss</c> address.</param>
    /// <exception cref="ArgumentException">Another scheme, not absolute, or a host in another script than ASCII.</exception>
    public static Uri Normalize(Uri url)
    {
        ArgumentNullException.ThrowIfNull(url);
        return TryNormalize(url, out var normal)
            ? normal
            : throw new ArgumentException($"A relay's address begins with ws:// or wss:// and has an ASCII host (xn-- for other scripts), unlike '{url}'.", nameof(url));
    }

    private static bool TryNormalize(Uri url, [NotNullWhen(true)] out Uri? normal)
    {
        normal = null;
        if (!url.IsAbsoluteUri || url.Scheme is not ("ws" or "wss") || url.Host.Length == 0 || !System.Text.Ascii.IsValid(url.Host))
        {
            return false;
        }

        // Uri has lowered the scheme and the host already.
        var port = url.IsDefaultPort ? "" : $":{url.Port.ToString(System.Globalization.CultureInfo.InvariantCulture)}";
        return Uri.TryCreate($"{url.Scheme}://{url.Host}{port}{url.AbsolutePath.TrimEnd('/')}{url.Query}", UriKind.Absolute, out normal);
    }
}
