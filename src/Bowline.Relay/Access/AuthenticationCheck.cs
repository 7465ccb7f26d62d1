using Bowline.Nostr;

namespace Bowline.Relay;

/// <summary>Checks events of AUTH messages (NIP-42); unlike <see cref="AuthEvent.Check"/> for a relay that may not know its own address.</summary>
internal static class AuthenticationCheck
{
    /// <summary>What is wrong with it, or null.</summary>
    /// <param name="value">The event.</param>
    /// <param name="challenge">The challenge of this connection.</param>
    /// <param name="host">The host the client asked for, with its port unless that is the scheme's own.</param>
    /// <param name="publicUrls">The relay's addresses; when there are any, one of them must be meant, else the host decides.</param>
    /// <param name="unixSeconds">Now.</param>
    public static string? FindProblem(NostrEvent value, string challenge, string host, IReadOnlyList<Uri> publicUrls, long unixSeconds)
    {
        if (value.Kind != NostrKind.ClientAuthentication)
        {
            return $"an authentication is an event of kind {NostrKind.ClientAuthentication}";
        }

        if (Math.Abs(value.CreatedAt - unixSeconds) > AuthEvent.MaxAge.TotalSeconds)
        {
            return "created_at is more than 10 minutes from now; is the clock right?";
        }

        if (value.TagValue("challenge") != challenge)
        {
            return "the challenge is not the one of this connection";
        }

        return Uri.TryCreate(value.TagValue("relay"), UriKind.Absolute, out var relay) && IsThisRelay(relay, host, publicUrls)
            ? null
            : "the relay tag names another relay";
    }

    private static bool IsThisRelay(Uri relay, string host, IReadOnlyList<Uri> publicUrls)
    {
        if (relay.Scheme is not ("ws" or "wss" or "http" or "https"))
        {
            return false;
        }

        // Behind a proxy the path may be another one, and the scheme is; the host is what the client meant (NIP-42 says it is enough).
        return publicUrls.Count == 0
            ? string.Equals(relay.Authority, host, StringComparison.OrdinalIgnoreCase) || (relay.IsDefaultPort && string.Equals($"{relay.Host}:{relay.Port}", host, StringComparison.OrdinalIgnoreCase))
            : publicUrls.Any(url => IsSame(relay, url));
    }

    private static bool IsSame(Uri a, Uri b) =>
        string.Equals(a.Host, b.Host, StringComparison.OrdinalIgnoreCase)
        && a.Port == b.Port
        && a.AbsolutePath.TrimEnd('/') == b.AbsolutePath.TrimEnd('/');
}
