using System.Security.Cryptography;

namespace Bowline.Nostr;

/// <summary>Ids of events (NIP-01).</summary>
public static class EventHash
{
    [ThreadStatic]
    private static System.Buffers.ArrayBufferWriter<byte>? _buffer;

    /// <summary>The SHA-256 of <c>[0,pubkey,created_at,kind,tags,content]</c>.</summary>
    public static EventId Compute(NostrPublicKey publicKey, long createdAt, int kind, IReadOnlyList<NostrTag> tags, string content)
    {
        ArgumentNullException.ThrowIfNull(tags);
        ArgumentNullException.ThrowIfNull(content);
        var buffer = _buffer ??= new(1024);
        buffer.ResetWrittenCount();
        EventWriter.WriteCanonical(buffer, publicKey, createdAt, kind, tags, content);
        Span<byte> hash = stackalloc byte[EventId.Size];
        _ = SHA256.HashData(buffer.WrittenSpan, hash);
        if (buffer.Capacity > 1 << 20)
        {
            _buffer = null; // One very large event must not be remembered by every thread.
        }

        return EventId.FromBytes(hash);
    }
}
