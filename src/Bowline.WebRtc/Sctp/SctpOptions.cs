namespace Bowline.WebRtc;

/// <summary>Times and sizes of the SCTP association (RFC 9260, RFC 8831). All have good values; see each for when another helps.</summary>
public sealed record SctpOptions
{
    /// <summary>The shortest retransmission timeout. <value>200 ms: beyond a round trip of 100 ms with a delayed acknowledgement (20 ms here, 40 ms elsewhere) on a busy machine. With 100 ms a path of 50 ms and 1 % loss carried a quarter less.</value> 10 ms to 1 min.</summary>
    public TimeSpan ShortestTimeout { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest retransmission timeout. <value>2 s: what was lost in a silence is repeated at most so late after it.</value> From the shortest to 1 min.</summary>
    public TimeSpan LongestTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The longest retransmission timeout while the owner suspects the peer. <value>500 ms: a peer that comes back gets what is outstanding within a second.</value> From the shortest to 1 min.</summary>
    public TimeSpan LongestTimeoutWhileSuspect { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The first retransmission timeout, before a round trip has been measured. <value>400 ms: RFC 9260 says 1 s; ICE has just shown that the path answers.</value> From the shortest to 1 min.</summary>
    public TimeSpan InitialTimeout { get; init; } = TimeSpan.FromMilliseconds(400);

    /// <summary>
    /// After how many retransmission timeouts in a row the connection ends with <see cref="WebRtcError.GivenUp"/>. <value>Null: it never ends by itself, so that a peer frozen for hours can go on.</value> 1 to 1,000.
    /// Counted are also those while the owner suspects the peer, when most packets are held back. By their sum 10 are about 17 s with the default times, and 5 s under suspicion.
    /// </summary>
    public int? MostRetransmits { get; init; }

    /// <summary>Between two heartbeats of an idle association. <value>10 s.</value> 1 s to 1 h.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Bytes that may be on their way or waiting to be sent; a sender waits when it is full. <value>1 MiB: four of the longest messages.</value> From 256 KiB to 64 MiB.</summary>
    public int SendBuffer { get; init; } = 1024 * 1024;

    /// <summary>Bytes that may have arrived without being taken; the window the peer sees. <value>1 MiB.</value> From 256 KiB to 64 MiB.</summary>
    public int ReceiveBuffer { get; init; } = 1024 * 1024;

    internal void Validate()
    {
        var minute = TimeSpan.FromMinutes(1);
        OptionBounds.Require(ShortestTimeout, TimeSpan.FromMilliseconds(10), minute, nameof(ShortestTimeout));
        OptionBounds.Require(LongestTimeout, ShortestTimeout, minute, nameof(LongestTimeout));
        OptionBounds.Require(LongestTimeoutWhileSuspect, ShortestTimeout, minute, nameof(LongestTimeoutWhileSuspect));
        OptionBounds.Require(InitialTimeout, ShortestTimeout, minute, nameof(InitialTimeout));
        if (MostRetransmits is { } most)
        {
            OptionBounds.Require(most, 1, 1_000, nameof(MostRetransmits));
        }

        OptionBounds.Require(HeartbeatInterval, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1), nameof(HeartbeatInterval));
        OptionBounds.Require(SendBuffer, SmallestBuffer, LargestBuffer, nameof(SendBuffer));
        OptionBounds.Require(ReceiveBuffer, SmallestBuffer, LargestBuffer, nameof(ReceiveBuffer));
    }

    private const int SmallestBuffer = 256 * 1024;
    private const int LargestBuffer = 64 * 1024 * 1024;
}
