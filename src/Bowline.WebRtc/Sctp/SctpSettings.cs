using System.Runtime.InteropServices;

namespace Bowline.WebRtc;

/// <summary>The socket options of an association (RFC 6458, section 8).</summary>
internal static unsafe class SctpSettings
{
    internal const int Protocol = 132;
    internal const int Level = 132; // IPPROTO_SCTP
    internal const int Status = 0x100;
    internal const uint AddressLength = 16;
    internal const uint SendBothInfos = 4; // SCTP_SENDV_SPA
    internal const int NotConnected = 107; // ENOTCONN
    internal const int Reset = 104; // ECONNRESET
    internal const int Aborted = 103; // ECONNABORTED
    internal const int Broken = 32; // EPIPE
    internal const int NoAssociation = 2; // ENOENT: it would be a new one, and there is no address for it.

    /// <summary>Bytes of an SCTP packet: with DTLS (37), TURN (36), UDP and IPv6 (48) it still passes a link of 1,305 bytes.</summary>
    internal const uint Mtu = 1184;

    private const int TimedOut = 110; // ETIMEDOUT, of versions after 0.9.5
    private const int SocketLevel = 1; // SOL_SOCKET
    private const int SocketError = 4; // SO_ERROR
    private const int Linger = 13;
    private const int SendBuffer = 7;
    private const int ReceiveBuffer = 8;
    private const int RtoInfo = 0x01;
    private const int AssocInfo = 0x02;
    private const int InitMsg = 0x03;
    private const int NoDelay = 0x04;
    private const int PeerAddrParams = 0x0a;
    private const int PartialDeliveryPoint = 0x11;
    private const int Event = 0x1e;
    private const int ReceiveRcvInfo = 0x1f;
    private const int EnableStreamReset = 0x900;
    private const int ResetStreams = 0x901;

    /// <summary>As many times as the counters hold: with data outstanding a connection outlasts 9 hours of silence or more, and without it any silence.</summary>
    private const ushort Unlimited = ushort.MaxValue;

    /// <param name="socket">The socket.</param>
    /// <param name="options">Times and sizes.</param>
    /// <param name="streams">Streams in each direction.</param>
    /// <param name="longestMessage">
    /// Bytes up to which usrsctp keeps a message until all of it is there, at most half of the receive buffer: one that its sender gives up
    /// half-way is then never begun. A longer one comes in parts, so that this side can refuse it. Announcements of channels come whole in any case.
    /// </param>
    internal static void Apply(nint socket, SctpOptions options, int streams, int longestMessage)
    {
        Set(socket, SocketLevel, Linger, (1, 0)); // close() sends an abort at once and keeps nothing.
        Set(socket, SocketLevel, SendBuffer, options.SendBuffer);
        Set(socket, SocketLevel, ReceiveBuffer, options.ReceiveBuffer);
        Set(socket, Level, NoDelay, 1);
        Set(socket, Level, ReceiveRcvInfo, 1);
        Set(socket, Level, PartialDeliveryPoint, (uint)Math.Max(longestMessage, DcepCodec.Longest) + 1);
        Set(socket, Level, EnableStreamReset, new SctpAssociationValue { Value = 1 });
        Set(socket, Level, InitMsg, new SctpInitMessage
        {
            OutgoingStreams = (ushort)streams,
            IncomingStreams = (ushort)streams,
            Attempts = Unlimited,
            LongestTimeout = (ushort)Math.Min(options.InitialTimeout.TotalMilliseconds, ushort.MaxValue), // Not doubled: usrsctp's own bound is a minute.
        });
        var mostRetransmits = (ushort)(options.MostRetransmits ?? Unlimited);
        Set(socket, Level, AssocInfo, new SctpAssociationParameters { MostRetransmits = mostRetransmits });
        Set(socket, Level, PeerAddrParams, new SctpPathParameters
        {
            Mtu = Mtu,
            Flags = SctpPathParameters.HeartbeatOff | SctpPathParameters.FixedMtu,
            MostRetransmits = mostRetransmits,
        });
        foreach (var type in (ReadOnlySpan<ushort>)[SctpNotification.AssociationChange, SctpNotification.StreamReset])
        {
            Set(socket, Level, Event, new SctpEvent { Type = type, IsOn = 1 });
        }

        SetTimeouts(socket, options, options.LongestTimeout);
    }

    internal static void SetTimeouts(nint socket, SctpOptions options, TimeSpan longest) => Set(socket, Level, RtoInfo, new SctpTimeouts
    {
        Initial = (uint)Math.Min(options.InitialTimeout.TotalMilliseconds, longest.TotalMilliseconds),
        Longest = (uint)longest.TotalMilliseconds,
        Shortest = (uint)options.ShortestTimeout.TotalMilliseconds,
    });

    /// <summary>Whether this side has given an association up that is lost, and not the other one, of which the notification is the same.</summary>
    internal static bool IsGivenUp(nint socket)
    {
        var error = 0;
        uint length = sizeof(int);
        return LibUsrsctp.usrsctp_getsockopt(socket, SocketLevel, SocketError, &error, ref length) == 0 && error is Aborted or TimedOut;
    }

    internal static bool TryReset(nint socket, ushort stream)
    {
        var reset = new SctpResetStream { Flags = SctpResetStream.Outgoing, Count = 1, Stream = stream };
        return LibUsrsctp.usrsctp_setsockopt(socket, Level, ResetStreams, &reset, 10) == 0;
    }

    internal static void Require(int result, string what)
    {
        if (result < 0)
        {
            throw new WebRtcException(WebRtcError.NativeFailure, $"usrsctp refused: {what} (errno {Marshal.GetLastPInvokeError()}).");
        }
    }

    private static void Set<T>(nint socket, int level, int name, T value)
        where T : unmanaged => Require(LibUsrsctp.usrsctp_setsockopt(socket, level, name, &value, (uint)sizeof(T)), $"option {name:x} of level {level}");
}
