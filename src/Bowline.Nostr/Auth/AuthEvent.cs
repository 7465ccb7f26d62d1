using System.Diagnostics.CodeAnalysis;

namespace Bowline.Nostr;

/// <summary>Events that prove a key to a relay (NIP-42). They are sent in AUTH messages and never stored.</summary>
public static class AuthEvent
{
    /// <summary>How far the time of such an event may be from the relay's, either way.</summary>
    /// <value>Ten minutes, the number in NIP-42: clocks of people's machines are that wrong.</value>
    public static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(10);

    /// <summary>Makes one.</summary>
    /// <param name="key">The key to prove.</param>
    /// <param name="relay">The relay's address, <c>ws</c> or <c>wss</c>.</param>
    /// <param name="challenge">What the relay sent on this connection.</param>
    /// <param name="now">The time now.</param>
    public static NostrEvent Create(NostrKey key, Uri relay, string challenge, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(relay);
        return key.Sign(NostrKind.ClientAuthentication, "", [new("relay", RelayUrl.Normalize(relay).AbsoluteUri), new("challenge", challenge)], now);
    }

    /// <summary>True when the event proves its author's key here and now: kind, relay, challenge, time, id and signature are right.</summary>
    /// <param name="value">The event.</param>
    /// <param name="relay">The relay's own address.</param>
    /// <param name="challenge">What was sent on this connection.</param>
    /// <param name="now">The time now.</param>
    /// <param name="problem">What is wrong, in words for the client.</param>
    public static bool Check(NostrEvent value, Uri relay, string challenge, DateTimeOffset now, [NotNullWhen(false)] out string? problem)
    {
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(relay);
        problem = value.Kind != NostrKind.ClientAuthentication ? $"the kind must be {NostrKind.ClientAuthentication}"
            : value.TagValue("challenge") != challenge ? "the challenge is not the one sent on this connection"
            : !RelayUrl.TryParse(value.TagValue("relay"), out var named) || named != RelayUrl.Normalize(relay) ? $"the relay must be {RelayUrl.Normalize(relay)}"
            : Math.Abs(value.CreatedAt - (double)now.ToUnixTimeSeconds()) > MaxAge.TotalSeconds ? "created_at must be within ten minutes of now"
            : !value.HasValidId() ? "the id is not the hash of the event"
            : !value.HasValidSignature() ? "the signature is not the author's"
            : null;
        return problem is null;
    }
}
