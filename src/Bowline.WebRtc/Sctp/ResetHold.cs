using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Bowline.WebRtc;

/// <summary>
/// Keeps requests to reset streams (RFC 6525, section 4.1) back until all data before them is there or was given up. usrsctp takes one that
/// comes earlier, says "in progress", and ends it with a later DATA chunk, but not with a FORWARD TSN, which may be the last that comes. Thread-safe.
/// </summary>
internal sealed class ResetHold
{
    private const ushort OutgoingRequest = 13;
    private const long Unknown = -1;

    private long _acknowledged = Unknown;
    private Held? _held;

    /// <summary>Takes the request out of a packet if it has to wait; an older one is dropped, as its sender repeats it anyway.</summary>
    /// <returns>What is left: the packet itself, one without the request, or nothing.</returns>
    internal ReadOnlySpan<byte> Hold(ReadOnlySpan<byte> packet)
    {
        var chunks = SctpChunks.Of(packet);
        while (SctpChunks.TryTake(ref chunks, out var chunk))
        {
            if (chunk[0] == SctpChunks.Reconfiguration && TryReadLast(chunk, out var last))
            {
                if (IsAcknowledged(last))
                {
                    Volatile.Write(ref _held, null);
                    return packet;
                }

                var header = packet[..SctpChunks.CommonHeader];
                var before = packet[SctpChunks.CommonHeader..^(chunks.Length + chunk.Length)];
                Interlocked.Exchange(ref _held, new([.. header, .. chunk], last));
                return before.IsEmpty && chunks.IsEmpty ? default : (byte[])[.. header, .. before, .. chunks];
            }
        }

        return packet;
    }

    /// <summary>A packet of the side that sends data: its INIT or INIT ACK tells where its numbers begin.</summary>
    internal void Begin(ReadOnlySpan<byte> packet)
    {
        if (packet.Length >= SctpChunks.CommonHeader + 20 && packet[SctpChunks.CommonHeader] is SctpChunks.Init or SctpChunks.InitAck)
        {
            Interlocked.CompareExchange(ref _acknowledged, BinaryPrimitives.ReadUInt32BigEndian(packet[(SctpChunks.CommonHeader + 16)..]) - 1, Unknown);
        }
    }

    /// <summary>A packet of the side that takes data: true when it acknowledges all that a request waits for.</summary>
    internal bool Acknowledge(ReadOnlySpan<byte> packet)
    {
        var chunks = SctpChunks.Of(packet);
        while (SctpChunks.TryTake(ref chunks, out var chunk))
        {
            if (chunk[0] == SctpChunks.Acknowledgement && chunk.Length >= 8)
            {
                Advance(BinaryPrimitives.ReadUInt32BigEndian(chunk[4..]));
                return Volatile.Read(ref _held) is { } held && IsAcknowledged(held.Last);
            }
        }

        return false;
    }

    /// <summary>Gives a packet with the request that need not wait any longer.</summary>
    internal bool TryTake([NotNullWhen(true)] out byte[]? packet)
    {
        packet = Volatile.Read(ref _held) is { } held && IsAcknowledged(held.Last) && Interlocked.CompareExchange(ref _held, null, held) == held ? held.Packet : null;
        return packet is not null;
    }

    /// <summary>An acknowledgement that was overtaken by a later one says nothing new.</summary>
    private void Advance(uint number)
    {
        var before = Interlocked.Read(ref _acknowledged);
        while ((before == Unknown || (int)(number - (uint)before) > 0) && Interlocked.CompareExchange(ref _acknowledged, number, before) is var seen && seen != before)
        {
            before = seen;
        }
    }

    private bool IsAcknowledged(uint number) => Interlocked.Read(ref _acknowledged) is var acknowledged && (acknowledged == Unknown || (int)((uint)acknowledged - number) >= 0);

    private static bool TryReadLast(ReadOnlySpan<byte> chunk, out uint last)
    {
        last = 0;
        var parameters = chunk[4..];
        while (SctpChunks.TryTake(ref parameters, out var parameter))
        {
            if (BinaryPrimitives.ReadUInt16BigEndian(parameter) == OutgoingRequest && parameter.Length >= 16)
            {
                last = BinaryPrimitives.ReadUInt32BigEndian(parameter[12..]);
                return true;
            }
        }

        return false;
    }

    private sealed record Held(byte[] Packet, uint Last);
}
