using System.Diagnostics.CodeAnalysis;
using Bowline.Core.Cryptography;
using Bowline.Core.Text;

namespace Bowline.Core.Identity;

/// <summary>
/// A node's name everywhere: the lower-case unpadded base32 of its Ed25519 public key, 52 characters.
/// One key has exactly one spelling, so ordinal comparison of the text is comparison of the key.
/// </summary>
public readonly record struct DeviceId
{
    /// <summary>Characters in every device id.</summary>
    public const int Length = 52;

    private readonly string? _text;

    private DeviceId(string text) => _text = text;

    /// <summary>The id of the device that holds this 32-byte public key.</summary>
    /// <exception cref="ArgumentException">The key is not 32 bytes long.</exception>
    public static DeviceId FromPublicKey(ReadOnlySpan<byte> publicKey) => publicKey.Length == Ed25519.KeySize
        ? new DeviceId(Base32.ToLowerString(publicKey))
        : throw new ArgumentException($"An Ed25519 public key has {Ed25519.KeySize} bytes, not {publicKey.Length}.", nameof(publicKey));

    /// <summary>Parses the text form; upper case is refused, because subjects and paths compare ordinally.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out DeviceId id)
    {
        id = default;
        Span<byte> key = stackalloc byte[Ed25519.KeySize];
        if (text is null || text.AsSpan().ContainsAnyInRange('A', 'Z') || !Base32.TryDecode(text, key))
        {
            return false;
        }

        id = new DeviceId(text);
        return true;
    }

    /// <summary>Parses the text form.</summary>
    /// <exception cref="FormatException">The text is not a device id.</exception>
    public static DeviceId Parse(string text) => TryParse(text, out var id)
        ? id
        : throw new FormatException("A device id is 52 characters of a-z and 2-7.");

    /// <summary>The 32-byte Ed25519 public key.</summary>
    public byte[] ToPublicKey()
    {
        var key = new byte[Ed25519.KeySize];
        _ = Base32.TryDecode(ToString(), key);
        return key;
    }

    /// <summary>True when the signature over <paramref name="data"/> was made by this device.</summary>
    public bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature) => Ed25519.Verify(ToPublicKey(), data, signature);

    /// <inheritdoc/>
    public override string ToString() => _text ?? throw new InvalidOperationException("This DeviceId was never set.");
}
