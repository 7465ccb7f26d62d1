using System.Buffers;
using System.Globalization;
using Bowline.Nostr;

namespace Bowline.Bench.Load.Relays;

/// <summary>Events signed before anything is timed, as the frames that publish them.</summary>
internal static class SignedEvents
{
    private const int ContentLength = 300;

    /// <summary>Notes of 300 bytes by a hundred authors.</summary>
    public static byte[][] Notes(int count)
    {
        using var authors = new Authors(100);
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        return Make(count, i => authors[i].Sign(1, Content(i), [], now - (i % 3600)));
    }

    /// <summary>Ephemeral events with a room; signed right before they are sent, because relays refuse old ones.</summary>
    public static byte[][] Ephemeral(int count, string room)
    {
        using var authors = new Authors(1);
        return Make(count, i => authors[0].Sign(20001, Content(i), [new("x", room)], DateTimeOffset.UtcNow.ToUnixTimeSeconds()));
    }

    /// <summary>A profile of each author, then notes by them; and the REQ for each profile.</summary>
    public static (byte[][] Events, byte[][] Requests) Profiles(int profiles, int notes)
    {
        using var authors = new Authors(profiles);
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var events = Make(profiles + notes, i => i < profiles
            ? authors[i].Sign(0, $$"""{"name":"author {{i}}","about":"one of many","picture":"https://example.org/{{i}}.png"}""", [], now - (i % 86_400))
            : authors[i].Sign(1, Content(i), [], now - (i % 86_400)));
        var requests = new byte[profiles][];
        for (var i = 0; i < profiles; i++)
        {
            requests[i] = RelayClient.Frame(System.Text.Encoding.UTF8.GetBytes($$"""["REQ","profile",{"kinds":[0],"authors":["{{authors[i].PublicKey}}"],"limit":1}]"""));
        }

        return (events, requests);
    }

    /// <summary>The number that <see cref="Content"/> begins with.</summary>
    public static int NumberOf(ReadOnlySpan<byte> message)
    {
        var mark = "\"content\":\""u8;
        return int.Parse(message.Slice(message.IndexOf(mark) + mark.Length, 8), CultureInfo.InvariantCulture);
    }

    /// <summary>Its number, then words of two to nine letters, of which there are some thousands: what a search index has to do with them is real.</summary>
    private static string Content(int i)
    {
        var random = new Random(i);
        var text = new System.Text.StringBuilder(i.ToString("00000000", CultureInfo.InvariantCulture), ContentLength + 10);
        while (text.Length < ContentLength)
        {
            var word = random.Next(64) * random.Next(64);
            text.Append(' ').Append((char)('a' + (word % 26)), 1 + (word % 3)).Append((word * 2654435761L % 1_000_003).ToString("x", CultureInfo.InvariantCulture));
        }

        return text.ToString(0, ContentLength);
    }

    private static byte[][] Make(int count, Func<int, NostrEvent> sign)
    {
        var frames = new byte[count][];
        Parallel.For(0, count, i =>
        {
            var buffer = new ArrayBufferWriter<byte>(1024);
            buffer.Write("[\"EVENT\","u8);
            EventWriter.Write(buffer, sign(i));
            buffer.Write("]"u8);
            frames[i] = RelayClient.Frame(buffer.WrittenSpan);
        });
        return frames;
    }

    private sealed class Authors(int count) : IDisposable
    {
        private readonly NostrKey[] _keys = [.. Enumerable.Range(0, count).Select(static _ => NostrKey.Create())];

        public NostrKey this[int i] => _keys[i % _keys.Length];

        public void Dispose()
        {
            foreach (var key in _keys)
            {
                key.Dispose();
            }
        }
    }
}
