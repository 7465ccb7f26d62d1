using System.Buffers;
using Bowline.Nostr;

namespace Bowline.Relay;

/// <summary>
/// The one JSON text of an event that is stored and sent. Written anew, not the sender's bytes: those may have other spellings, unknown
/// fields or spaces, which would be kept and sent to everybody.
/// </summary>
internal static class EventJson
{
    private const int KeptCapacity = 64 * 1024;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    public static byte[] Of(NostrEvent value)
    {
        var buffer = _buffer ??= new(2048);
        buffer.ResetWrittenCount();
        EventWriter.Write(buffer, value);
        var json = buffer.WrittenSpan.ToArray();
        if (buffer.Capacity > KeptCapacity)
        {
            _buffer = null;
        }

        return json;
    }
}
