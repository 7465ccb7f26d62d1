using System.Buffers;
using System.Text;

namespace Bowline.Nostr;

/// <summary>An event without a signature, which is why its author can deny it (NIP-59). It travels in a gift wrap only.</summary>
public sealed class Rumor
{
    /// <summary>Makes one; its id follows from the rest.</summary>
    /// <param name="publicKey">The author.</param>
    /// <param name="createdAt">Unix seconds.</param>
    /// <param name="kind">0 to 65535.</param>
    /// <param name="tags">Tags.</param>
    /// <param name="content">Text.</param>
    public Rumor(NostrPublicKey publicKey, long createdAt, int kind, IReadOnlyList<NostrTag> tags, string content)
    {
        _ = NostrKind.ClassOf(kind);
        Id = EventHash.Compute(publicKey, createdAt, kind, tags, content);
        PublicKey = publicKey;
        CreatedAt = createdAt;
        Kind = kind;
        Tags = tags;
        Content = content;
    }

    /// <summary>SHA-256 of the canonical serialisation.</summary>
    public EventId Id { get; }

    /// <summary>The author.</summary>
    public NostrPublicKey PublicKey { get; }

    /// <summary>Unix seconds, as the author says.</summary>
    public long CreatedAt { get; }

    /// <summary>0 to 65535.</summary>
    public int Kind { get; }

    /// <summary>Tags, in the author's order.</summary>
    public IReadOnlyList<NostrTag> Tags { get; }

    /// <summary>Text, whatever the kind makes of it.</summary>
    public string Content { get; }

    /// <summary>One JSON object, with the canonical escapes and no signature.</summary>
    public override string ToString()
    {
        var buffer = new ArrayBufferWriter<byte>(512 + Content.Length);
        EventWriter.Write(buffer, this);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
