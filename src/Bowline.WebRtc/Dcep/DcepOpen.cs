namespace Bowline.WebRtc;

/// <summary>DATA_CHANNEL_OPEN (RFC 8832, section 5.1).</summary>
internal readonly record struct DcepOpen(bool IsOrdered, DcepReliability Reliability, uint Parameter, ushort Priority, string Label, string Protocol)
{
    /// <summary>"Normal" of RFC 8831, section 6.4.</summary>
    internal const ushort NormalPriority = 256;

    internal static DcepOpen For(string label, DataChannelOptions options) => new(
        options.IsOrdered,
        options switch { { MaxRetransmits: not null } => DcepReliability.Retransmits, { MaxLifetime: not null } => DcepReliability.Lifetime, _ => DcepReliability.Reliable },
        (uint)(options.MaxRetransmits ?? (int)(options.MaxLifetime?.TotalMilliseconds ?? 0)),
        NormalPriority,
        label,
        options.Protocol);

    internal DataChannelOptions ToOptions() => new()
    {
        IsOrdered = IsOrdered,
        MaxRetransmits = Reliability == DcepReliability.Retransmits ? (int)Math.Min(Parameter, ushort.MaxValue) : null,
        MaxLifetime = Reliability == DcepReliability.Lifetime ? TimeSpan.FromMilliseconds(Math.Min(Parameter, ushort.MaxValue)) : null,
        Protocol = Protocol,
    };
}
