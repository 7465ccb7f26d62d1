using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Bowline.Nostr;

namespace Bowline.Relay.Indexing;

/// <summary>
/// Sixteen bytes of a SHA-256 that stand in an index for a tag, an address or the mark of a deleted event: short however long the value
/// is, and nobody can make two values with one key.
/// </summary>
internal readonly record struct IndexKey(ulong High, ulong Low)
{
    public const int Size = 16;

    private const byte AddressPrefix = 1;
    private const byte DeletedPrefix = 2;
    private const int OnStack = 512;

    /// <summary>The key of an indexed tag.</summary>
    public static IndexKey OfTag(char letter, string value)
    {
        var most = Encoding.UTF8.GetMaxByteCount(value.Length) + 1;
        byte[]? rented = null;
        var buffer = most <= OnStack ? stackalloc byte[OnStack] : rented = ArrayPool<byte>.Shared.Rent(most);
        buffer[0] = (byte)letter;
        var length = Encoding.UTF8.GetBytes(value, buffer[1..]);
        var key = Hash(buffer[..(length + 1)]);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        return key;
    }

    /// <summary>The place of a replaceable or addressable event: author, kind and <c>d</c>, of which only one version is kept.</summary>
    public static IndexKey OfAddress(int kind, NostrPublicKey author, string identifier)
    {
        var text = Encoding.UTF8.GetBytes(identifier);
        var buffer = new byte[1 + sizeof(int) + NostrPublicKey.Size + text.Length];
        buffer[0] = AddressPrefix;
        BinaryPrimitives.WriteInt32BigEndian(buffer.AsSpan(1), kind);
        author.CopyTo(buffer.AsSpan(1 + sizeof(int)));
        text.CopyTo(buffer, 1 + sizeof(int) + NostrPublicKey.Size);
        return Hash(buffer);
    }

    /// <summary>The mark that an author deleted an id.</summary>
    public static IndexKey OfDeleted(EventId id, NostrPublicKey author)
    {
        Span<byte> buffer = stackalloc byte[1 + EventId.Size + NostrPublicKey.Size];
        buffer[0] = DeletedPrefix;
        id.CopyTo(buffer[1..]);
        author.CopyTo(buffer[(1 + EventId.Size)..]);
        return Hash(buffer);
    }

    public static IndexKey Read(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));

    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, High);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], Low);
    }

    public byte[] ToByteArray()
    {
        var bytes = new byte[Size];
        Write(bytes);
        return bytes;
    }

    private static IndexKey Hash(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        _ = SHA256.HashData(bytes, hash);
        return Read(hash);
    }
}
