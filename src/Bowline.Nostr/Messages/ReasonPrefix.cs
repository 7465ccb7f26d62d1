namespace Bowline.Nostr;

/// <summary>How the texts of OK and CLOSED begin, for programs to act on (NIP-01, NIP-42). Each ends with a colon and a space.</summary>
public static class ReasonPrefix
{
    /// <summary>The relay has it already.</summary>
    public const string Duplicate = "duplicate: ";

    /// <summary>Too little proof of work (NIP-13).</summary>
    public const string ProofOfWork = "pow: ";

    /// <summary>This key or address may not write or read here at all.</summary>
    public const string Blocked = "blocked: ";

    /// <summary>Too much in too short a time.</summary>
    public const string RateLimited = "rate-limited: ";

    /// <summary>The message or event is malformed or not what it says.</summary>
    public const string Invalid = "invalid: ";

    /// <summary>This key may not do this.</summary>
    public const string Restricted = "restricted: ";

    /// <summary>The client has to authenticate first (NIP-42).</summary>
    public const string AuthRequired = "auth-required: ";

    /// <summary>An ephemeral event that nobody listens to.</summary>
    public const string Mute = "mute: ";

    /// <summary>The relay failed.</summary>
    public const string Error = "error: ";

    /// <summary>True when the text begins with this prefix; the space after the colon may be missing.</summary>
    /// <param name="text">The text of an OK or CLOSED.</param>
    /// <param name="prefix">One of the constants here.</param>
    public static bool Has(string text, string prefix)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(prefix);
        return text.AsSpan().StartsWith(prefix.AsSpan().TrimEnd(' '), StringComparison.Ordinal);
    }
}
