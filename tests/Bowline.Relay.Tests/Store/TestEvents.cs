using System.Buffers;
using System.Text;
using Bowline.Nostr;

namespace Bowline.Relay.Tests.Store;

/// <summary>Events for stores, which trust what they get: ids may be chosen and nothing is signed.</summary>
internal static class TestEvents
{
    public static DateTimeOffset Now { get; } = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);

    public static NostrPublicKey Author(int number) => NostrPublicKey.FromBytes(Bytes(number, 0xA0));

    /// <summary>Ids that sort as their numbers do.</summary>
    public static EventId Id(int number) => EventId.FromBytes(Bytes(number, 0));

    public static NostrEvent Make(int author, int kind, long createdAt, string content = "", EventId? id = null, params string[][] tags)
    {
        var list = tags.Select(tag => new NostrTag(tag)).ToList();
        return new()
        {
            Id = id ?? EventHash.Compute(Author(author), createdAt, kind, list, content),
            PublicKey = Author(author),
            CreatedAt = createdAt,
            Kind = kind,
            Tags = list,
            Content = content,
            Signature = default,
        };
    }

    public static ReadOnlyMemory<byte> Json(NostrEvent value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        EventWriter.Write(buffer, value);
        return buffer.WrittenMemory;
    }

    public static ValueTask<StoreOutcome> AddAsync(this IEventStore store, NostrEvent value) => store.AddAsync(value, Json(value), CancellationToken.None);

    public static Task<List<EventId>> FindAsync(this IEventStore store, params NostrFilter[] filters) => store.FindAsync(Audience.All, filters);

    public static async Task<List<EventId>> FindAsync(this IEventStore store, Audience audience, params NostrFilter[] filters)
    {
        var found = new List<EventId>();
        await foreach (var value in store.QueryAsync([.. filters.Select(f => f with { Limit = f.Limit ?? 5000 })], audience, CancellationToken.None))
        {
            Assert.True(EventReader.TryRead(value.Json.Span, out var read, out var problem), problem);
            Assert.Equal((value.Id, value.PublicKey, value.CreatedAt, value.Kind), (read!.Id, read.PublicKey, read.CreatedAt, read.Kind));
            found.Add(value.Id);
        }

        return found;
    }

    public static Dictionary<char, IReadOnlyList<string>> Tag(char letter, params string[] values) => new() { [letter] = values };

    private static byte[] Bytes(int number, byte fill)
    {
        var bytes = new byte[32];
        bytes.AsSpan().Fill(fill);
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        return bytes;
    }

    public static string Text(this ReadOnlyMemory<byte> json) => Encoding.UTF8.GetString(json.Span);
}
