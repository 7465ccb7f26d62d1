using System.Buffers.Binary;
using System.Text;

namespace Bowline.Nostr;

/// <summary>Writes <see cref="NostrIdentifier"/>s.</summary>
internal static class IdentifierWriter
{
    public static string Write(NostrIdentifier value)
    {
        List<byte> data = [];
        switch (value)
        {
            case PublicKeyIdentifier { Key: var key }:
                return Bech32.Encode(IdentifierFields.PublicKey, key.ToByteArray());
            case NoteIdentifier { Id: var id }:
                return Bech32.Encode(IdentifierFields.Note, id.ToByteArray());
            case ProfileIdentifier profile:
                Add(data, IdentifierFields.Special, profile.Key.ToByteArray());
                AddRelays(data, profile.Relays);
                return Finish(IdentifierFields.Profile, data);
            case EventIdentifier item:
                Add(data, IdentifierFields.Special, item.Id.ToByteArray());
                AddRelays(data, item.Relays);
                AddAuthorAndKind(data, item.Author, item.Kind);
                return Finish(IdentifierFields.Event, data);
            case AddressIdentifier address:
                Add(data, IdentifierFields.Special, Encoding.UTF8.GetBytes(address.Identifier));
                AddRelays(data, address.Relays);
                AddAuthorAndKind(data, address.Author, address.Kind);
                return Finish(IdentifierFields.Address, data);
            default:
                throw new ArgumentException("There is no such identifier.", nameof(value));
        }
    }

    private static void AddRelays(List<byte> data, IReadOnlyList<string> relays)
    {
        foreach (var relay in relays)
        {
            Add(data, IdentifierFields.Relay, Encoding.UTF8.GetBytes(relay));
        }
    }

    private static void AddAuthorAndKind(List<byte> data, NostrPublicKey? author, int? kind)
    {
        if (author is { } key)
        {
            Add(data, IdentifierFields.Author, key.ToByteArray());
        }

        if (kind is { } number)
        {
            var bytes = new byte[sizeof(uint)];
            BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)number);
            Add(data, IdentifierFields.Kind, bytes);
        }
    }

    private static void Add(List<byte> data, byte type, byte[] value)
    {
        if (value.Length > byte.MaxValue)
        {
            throw new InvalidOperationException($"A relay's address or a d tag has {byte.MaxValue} bytes at most in an identifier, not {value.Length}.");
        }

        data.Add(type);
        data.Add((byte)value.Length);
        data.AddRange(value);
    }

    private static string Finish(string name, List<byte> data)
    {
        var text = Bech32.Encode(name, data.ToArray());
        return text.Length <= NostrIdentifier.MaxLength ? text : throw new InvalidOperationException($"Too many relays: an identifier has {NostrIdentifier.MaxLength} characters at most, not {text.Length}.");
    }
}
