using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Bowline.Nostr;

/// <summary>Reads <see cref="NostrIdentifier"/>s.</summary>
internal static class IdentifierReader
{
    private const string Scheme = "nostr:";

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static bool TryRead(string text, [NotNullWhen(true)] out NostrIdentifier? value, [NotNullWhen(false)] out string? problem)
    {
        value = null;
        if (text.Length > NostrIdentifier.MaxLength)
        {
            problem = $"This is too long: an identifier has {NostrIdentifier.MaxLength} characters at most.";
            return false;
        }

        var bare = text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? text[Scheme.Length..] : text;
        if (Bech32.Decode(bare, out var name, out var data) is { } wrong)
        {
            problem = $"This is no npub, note, nprofile, nevent or naddr: {wrong}.";
            return false;
        }

        value = name switch
        {
            IdentifierFields.PublicKey when data.Length == NostrPublicKey.Size => new PublicKeyIdentifier(NostrPublicKey.FromBytes(data)),
            IdentifierFields.Note when data.Length == EventId.Size => new NoteIdentifier(EventId.FromBytes(data)),
            IdentifierFields.Profile or IdentifierFields.Event or IdentifierFields.Address => ReadFields(name, data),
            _ => null,
        };
        problem = value is not null ? null
            : name switch
            {
                IdentifierFields.SecretKey => "This is a secret key (nsec): it is not read here, and belongs in a file or a prompt only.",
                IdentifierFields.PublicKey or IdentifierFields.Note => $"This {name} does not hold {Bytes32.Size} bytes.",
                IdentifierFields.Profile or IdentifierFields.Event or IdentifierFields.Address => $"A field of this {name} is missing or malformed.",
                _ => $"There is nothing called '{name}': npub, note, nprofile, nevent and naddr are known.",
            };
        return value is not null;
    }

    private static NostrIdentifier? ReadFields(string name, ReadOnlySpan<byte> data)
    {
        ReadOnlySpan<byte> special = default;
        var hasSpecial = false;
        NostrPublicKey? author = null;
        int? kind = null;
        List<string> relays = [];
        while (!data.IsEmpty)
        {
            if (data.Length < 2 || data.Length < 2 + data[1])
            {
                return null;
            }

            var field = data.Slice(2, data[1]);
            switch (data[0])
            {
                // Only relays may come several times; of the others the first counts.
                case IdentifierFields.Special when !hasSpecial:
                    special = field;
                    hasSpecial = true;
                    break;
                case IdentifierFields.Relay when TryText(field, out var relay):
                    relays.Add(relay);
                    break;
                case IdentifierFields.Relay:
                    return null;
                case IdentifierFields.Author when author is null:
                    if (field.Length != NostrPublicKey.Size)
                    {
                        return null;
                    }

                    author = NostrPublicKey.FromBytes(field);
                    break;
                case IdentifierFields.Kind when kind is null:
                    if (field.Length != sizeof(uint) || BinaryPrimitives.ReadUInt32BigEndian(field) > NostrKind.Max)
                    {
                        return null;
                    }

                    kind = (int)BinaryPrimitives.ReadUInt32BigEndian(field);
                    break;
            }

            data = data[(2 + data[1])..];
        }

        return name switch
        {
            IdentifierFields.Profile when special.Length == NostrPublicKey.Size => new ProfileIdentifier(NostrPublicKey.FromBytes(special), relays),
            IdentifierFields.Event when special.Length == EventId.Size => new EventIdentifier(EventId.FromBytes(special), relays, author, kind),
            IdentifierFields.Address when hasSpecial && TryText(special, out var identifier) && author is { } by && kind is { } of => new AddressIdentifier(identifier, by, of, relays),
            _ => null,
        };
    }

    private static bool TryText(ReadOnlySpan<byte> bytes, out string text)
    {
        try
        {
            text = Utf8.GetString(bytes);
            return true;
        }
        catch (DecoderFallbackException)
        {
            text = "";
            return false;
        }
    }
}
