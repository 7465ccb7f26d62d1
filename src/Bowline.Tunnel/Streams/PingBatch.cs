using System.Runtime.InteropServices;

namespace Bowline.Tunnel;

/// <summary>Streams that are pinged together: they send by the same connection, so the ping stays behind the frames it counts.</summary>
/// <param name="Pump">The connection.</param>
/// <param name="Entries">What to say of each stream.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PingBatch(CarrierPump Pump, PingFrame.Entry[] Entries);
