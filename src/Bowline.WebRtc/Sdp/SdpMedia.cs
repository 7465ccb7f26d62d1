namespace Bowline.WebRtc;

/// <summary>One media section, as far as data channels are concerned.</summary>
internal sealed record SdpMedia
{
    /// <summary>"application", "audio" and so on.</summary>
    internal required string Kind { get; init; }

    /// <summary>0 when the section is rejected.</summary>
    internal int Port { get; init; } = 9;

    internal required string Protocol { get; init; }

    /// <summary>Everything after the protocol.</summary>
    internal required string Format { get; init; }

    internal string? Mid { get; init; }

    internal string? UserFragment { get; init; }

    internal string? Password { get; init; }

    internal IReadOnlyList<SdpFingerprint> Fingerprints { get; init; } = [];

    internal SdpSetup? Setup { get; init; }

    internal ushort SctpPort { get; init; } = 5000;

    /// <summary>In bytes; 0 is any (RFC 8841, section 6).</summary>
    internal ulong MaxMessageSize { get; init; } = DefaultMaxMessageSize;

    internal IReadOnlyList<CandidateLine> Candidates { get; init; } = [];

    internal bool IsGathered { get; init; }

    /// <summary>What holds when a description says nothing (RFC 8841, section 6.1).</summary>
    internal const ulong DefaultMaxMessageSize = 65_536;

    internal bool IsRejected => Port == 0;

    /// <summary>True for a section that data channels can be made of (RFC 8841, section 4), in today's form or the older one.</summary>
    internal bool IsData => !IsRejected
        && string.Equals(Kind, "application", StringComparison.Ordinal)
        && Protocol.EndsWith("DTLS/SCTP", StringComparison.Ordinal);

    internal SdpMedia Reject() => new() { Kind = Kind, Port = 0, Protocol = Protocol, Format = Format, Mid = Mid };
}
