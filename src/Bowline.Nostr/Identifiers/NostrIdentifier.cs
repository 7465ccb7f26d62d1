using System.Diagnostics.CodeAnalysis;

namespace Bowline.Nostr;

/// <summary>
/// What people copy and paste instead of hex (NIP-19): a key, an event, a profile or an address, sometimes with relays that know it. Secret
/// keys are not among them, so that none is shown by mistake: <see cref="SecretKeyText"/>.
/// </summary>
public abstract record NostrIdentifier
{
    /// <summary>The longest text that is read.</summary>
    /// <value>5,000 characters, the limit NIP-19 recommends.</value>
    public const int MaxLength = 5_000;

    private protected NostrIdentifier()
    {
    }

    /// <summary>Reads any of them; <c>nostr:</c> may stand before it (NIP-21).</summary>
    /// <exception cref="FormatException">It is none; the message says why.</exception>
    public static NostrIdentifier Parse(string text) => TryParse(text, out var value, out var problem) ? value : throw new FormatException(problem);

    /// <summary>Reads any of them; <c>nostr:</c> may stand before it (NIP-21).</summary>
    /// <param name="text">As people paste it.</param>
    /// <param name="value">What it is.</param>
    /// <param name="problem">What is wrong with it, as a sentence.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out NostrIdentifier? value, [NotNullWhen(false)] out string? problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        return IdentifierReader.TryRead(text, out value, out problem);
    }

    /// <summary>The text, in lower case.</summary>
    public sealed override string ToString() => IdentifierWriter.Write(this);
}
