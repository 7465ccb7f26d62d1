using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bowline.WebRtc;

/// <summary>What a connection is made with.</summary>
public sealed record PeerConnectionOptions
{
    /// <summary>STUN and TURN servers. <value>None.</value> libnice asks one STUN server: the first here that has an address of a family of this machine, IPv4 before IPv6; every TURN server is used, also as STUN.</summary>
    public IReadOnlyList<IceServer> IceServers { get; init; } = [];

    /// <summary>Whether only relays may carry it, so that the other side never learns an address of this machine. <value>False.</value></summary>
    public bool IsRelayOnly { get; init; }

    /// <summary>Which addresses of this machine are used.</summary>
    public CandidateFilter CandidateFilter { get; init; } = new();

    /// <summary>The lowest and the highest UDP port to use. <value>Null: any.</value></summary>
    public (int Lowest, int Highest)? Ports { get; init; }

    /// <summary>The certificate to show. <value>Null: one for the whole process, made at its first connection.</value></summary>
    public DtlsCertificate? Certificate { get; init; }

    /// <summary>The longest message taken, and sent, in bytes. <value>262,144: what browsers take.</value> 1 KiB up to half of the SCTP buffers.</summary>
    public int MaxMessageSize { get; init; } = 256 * 1024;

    /// <summary>Data channels at once, of both sides together. <value>128.</value> 1 to 65,534. Each takes two streams, and a stream costs about 100 bytes from the beginning.</summary>
    public int MaxChannels { get; init; } = 128;

    /// <summary>Bytes of messages that wait for their readers, over all channels; beyond it the other side's window closes, until somebody reads or this side closes the channel. The names of channels that the other side makes may hold as much again. <value>1 MiB.</value> 64 KiB to 256 MiB.</summary>
    public int ReceiveBudget { get; init; } = 1024 * 1024;

    /// <summary>Times and sizes of SCTP.</summary>
    public SctpOptions Sctp { get; init; } = new();

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where the connection logs, under <c>Bowline.WebRtc</c>; event ids 6000 to 6099. <value>Nowhere.</value></summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;

    /// <summary>Finds the address of a <c>.local</c> name.</summary>
    internal IMdnsResolver Mdns { get; init; } = AvahiResolver.Shared;

    /// <summary>Finds the addresses of a server.</summary>
    internal Func<string, CancellationToken, Task<IPAddress[]>> ResolveHost { get; init; } = static (name, cancel) => Dns.GetHostAddressesAsync(name, cancel);

    internal void Validate()
    {
        Sctp.Validate();
        OptionBounds.Require(MaxMessageSize, 1024, Math.Min(Sctp.SendBuffer, Sctp.ReceiveBuffer) / 2, nameof(MaxMessageSize));
        OptionBounds.Require(MaxChannels, 1, 65_534, nameof(MaxChannels));
        OptionBounds.Require(ReceiveBudget, 64 * 1024, 256 * 1024 * 1024, nameof(ReceiveBudget));
        if (Ports is { } ports)
        {
            OptionBounds.Require(ports.Lowest, 1, 65_535, nameof(Ports));
            OptionBounds.Require(ports.Highest, ports.Lowest, 65_535, nameof(Ports));
        }
    }
}
