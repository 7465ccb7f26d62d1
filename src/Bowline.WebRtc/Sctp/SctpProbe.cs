using System.Buffers.Binary;

namespace Bowline.WebRtc;

/// <summary>
/// A HEARTBEAT of our own (RFC 9260, section 3.3.5), which every peer answers with what it holds. usrsctp's are off: it takes the
/// time of each answer as a round trip, so those that a frozen peer answers on its return made it wait seconds before it repeated what was lost.
/// </summary>
internal static class SctpProbe
{
    internal const int Size = CommonHeader + ChunkHeader + ParameterSize;

    private const int CommonHeader = 12;
    private const int ChunkHeader = 4;
    private const int ParameterSize = 12;
    private const byte Heartbeat = 4;
    private const byte HeartbeatAnswer = 5;

    /// <summary>Heartbeat Info with eight bytes that only ours have.</summary>
    private static ReadOnlySpan<byte> Parameter => [0, 1, 0, ParameterSize, (byte)'b', (byte)'o', (byte)'w', (byte)'l', (byte)'i', (byte)'n', (byte)'e', 0];

    /// <summary>Writes a packet.</summary>
    /// <param name="packet">Its place, of <see cref="Size"/> bytes.</param>
    /// <param name="header">Ports and verification tag, the first eight bytes of what the association sends.</param>
    internal static void Write(Span<byte> packet, ulong header)
    {
        packet[..Size].Clear();
        BinaryPrimitives.WriteUInt64BigEndian(packet, header);
        packet[CommonHeader] = Heartbeat;
        BinaryPrimitives.WriteUInt16BigEndian(packet[(CommonHeader + 2)..], ChunkHeader + ParameterSize);
        Parameter.CopyTo(packet[(CommonHeader + ChunkHeader)..]);
        SctpChecksum.Write(packet[..Size]);
    }

    /// <summary>Whether a packet is a heartbeat or an answer to one, of anybody, and nothing else.</summary>
    internal static bool IsHeartbeat(ReadOnlySpan<byte> packet) =>
        packet.Length > CommonHeader + ChunkHeader && packet[CommonHeader] is Heartbeat or HeartbeatAnswer
        && ((BinaryPrimitives.ReadUInt16BigEndian(packet[(CommonHeader + 2)..]) + 3) & ~3) >= packet.Length - CommonHeader;

    /// <summary>Whether a packet is the answer to one of ours, and nothing else.</summary>
    internal static bool IsAnswer(ReadOnlySpan<byte> packet) =>
        packet.Length == Size && packet[CommonHeader] == HeartbeatAnswer && packet[(CommonHeader + ChunkHeader)..].SequenceEqual(Parameter);
}
