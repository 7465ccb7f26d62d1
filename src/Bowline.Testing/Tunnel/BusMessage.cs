using System.Buffers.Binary;

namespace Bowline.Testing.Tunnel;

/// <summary>One message on a <see cref="TunnelBus"/>.</summary>
/// <param name="Subject">Where to.</param>
/// <param name="ReplyTo">The reply subject, or empty.</param>
/// <param name="Payload">The frame.</param>
/// <param name="NoResponders">The bus's own answer to a message nobody takes.</param>
public sealed record BusMessage(string Subject, string ReplyTo, byte[] Payload, bool NoResponders = false)
{
    /// <summary>The frame's type number (docs/protocol/tunnel.md section 3), 0 when there is none.</summary>
    public int FrameType => Payload.Length > 0 ? Payload[0] : 0;

    /// <summary>The frame's stream id.</summary>
    public uint StreamId => Payload.Length >= 8 ? BinaryPrimitives.ReadUInt32LittleEndian(Payload.AsSpan(4)) : 0;

    /// <summary>The frame's number.</summary>
    public uint Seq => Payload.Length >= 12 ? BinaryPrimitives.ReadUInt32LittleEndian(Payload.AsSpan(8)) : 0;
}
