using System.Text;

namespace Bowline.WebRtc;

/// <summary>How a data channel delivers (RFC 8831, section 6.1). The default is ordered and reliable.</summary>
public sealed record DataChannelOptions
{
    /// <summary>Whether messages arrive in the order they were sent. <value>True.</value></summary>
    public bool IsOrdered { get; init; } = true;

    /// <summary>How often a message is repeated at most before it is given up; 0 to 65535. <value>Null: until it arrives.</value> Not together with <see cref="MaxLifetime"/>.</summary>
    public int? MaxRetransmits { get; init; }

    /// <summary>For how long a message is sent at most before it is given up; 0 to 65,535 ms. <value>Null: until it arrives.</value></summary>
    public TimeSpan? MaxLifetime { get; init; }

    /// <summary>The subprotocol, such as one of WebSocket's registry; together with the label at most 65,524 bytes of UTF-8. <value>None.</value></summary>
    public string Protocol { get; init; } = "";

    /// <summary>The id, from 0 to below the streams agreed with the other side (256 when both have the default <see cref="PeerConnectionOptions.MaxChannels"/>), when both sides create the channel with the same one and nothing is said on the wire. <value>Null: announced to the other side (RFC 8832).</value></summary>
    public int? NegotiatedId { get; init; }

    /// <summary>Bytes of a label and a protocol together: with their header they are one message of 64 KiB.</summary>
    private const int LongestNames = DcepCodec.Longest - DcepCodec.HeaderSize;

    internal void Validate(string label)
    {
        if (MaxRetransmits is not null && MaxLifetime is not null)
        {
            throw new InvalidOperationException("A data channel has a limit of retransmissions or of time, not both.");
        }

        OptionBounds.Require(MaxRetransmits ?? 0, 0, ushort.MaxValue, nameof(MaxRetransmits));
        OptionBounds.Require((long)(MaxLifetime?.TotalMilliseconds ?? 0), 0, ushort.MaxValue, nameof(MaxLifetime));
        OptionBounds.Require(NegotiatedId ?? 0, 0, ushort.MaxValue - 1, nameof(NegotiatedId));
        OptionBounds.Require(Encoding.UTF8.GetByteCount(label), 0, LongestNames, nameof(label));
        OptionBounds.Require(Encoding.UTF8.GetByteCount(label) + Encoding.UTF8.GetByteCount(Protocol), 0, LongestNames, nameof(Protocol));
    }
}
