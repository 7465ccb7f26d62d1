using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Bowline.WebRtc;

/// <summary>One DTLS association (RFC 6347, RFC 8827) over datagrams that its owner carries. Thread-safe.</summary>
internal sealed unsafe class DtlsTransport : IDisposable
{
    /// <summary>The longest datagram of the handshake, in bytes: it passes every path that IPv6 allows.</summary>
    internal const int Mtu = 1200;

    /// <summary>The longest record of DTLS, in bytes.</summary>
    private const int LongestRecord = 16 * 1024;

    [ThreadStatic]
    private static byte[]? _record;

    private readonly Lock _gate = new();
    private readonly IDtlsOwner _owner;
    private readonly PeerFingerprints _expected;
    private readonly DtlsContext _context;
    private readonly GCHandle _self;
    private readonly bool _isClient;
    private nint _ssl;
    private byte* _datagram;
    private int _datagramLength;
    private volatile DtlsPhase _phase;

    internal DtlsTransport(DtlsContext context, bool isClient, PeerFingerprints expected, IDtlsOwner owner)
    {
        (_owner, _expected, _context, _isClient) = (owner, expected, context, isClient);
        var isAdded = false;
        context.DangerousAddRef(ref isAdded);
        _self = GCHandle.Alloc(this);
        _ssl = LibSsl.SSL_new(context.DangerousGetHandle());
        var bio = DatagramBio.Create(GCHandle.ToIntPtr(_self));
        LibSsl.SSL_set_bio(_ssl, bio, bio);
        LibSsl.SSL_ctrl(_ssl, LibSsl.CtrlSetMtu, Mtu, 0);
        LibSsl.DTLS_set_timer_cb(_ssl, &NextTimeout);
        if (isClient)
        {
            LibSsl.SSL_set_connect_state(_ssl);
        }
        else
        {
            LibSsl.SSL_set_accept_state(_ssl);
        }
    }

    internal bool IsClient => _isClient;

    internal bool IsHandshaking => _phase is DtlsPhase.New or DtlsPhase.Handshaking;

    internal bool IsConnected => _phase == DtlsPhase.Connected;

    /// <summary>The path carries datagrams now: a client says hello.</summary>
    internal void Begin() => Advance(default);

    /// <summary>Takes a datagram from the path. Whatever is in it, only the handshake can fail of it.</summary>
    internal void Receive(ReadOnlySpan<byte> datagram)
    {
        if (!DtlsRecords.AreWhole(datagram))
        {
            _owner.RefuseDatagram();
        }
        else if (IsConnected)
        {
            Read(datagram);
        }
        else
        {
            Advance(datagram);
        }
    }

    /// <summary>Encrypts and sends a packet; false when the association is not up.</summary>
    internal bool Send(ReadOnlySpan<byte> packet)
    {
        lock (_gate)
        {
            if (_phase != DtlsPhase.Connected)
            {
                return false;
            }

            fixed (byte* bytes = packet)
            {
                return LibSsl.SSL_write(_ssl, bytes, packet.Length) == packet.Length;
            }
        }
    }

    /// <summary>Called at every tick while the handshake runs: repeats what was not answered in time.</summary>
    internal void HandleTimeout()
    {
        WebRtcException? failure = null;
        lock (_gate)
        {
            if (_phase == DtlsPhase.Handshaking)
            {
                DtlsErrors.Clear();
                if (LibSsl.SSL_ctrl(_ssl, LibSsl.CtrlHandleTimeout, 0, 0) < 0)
                {
                    failure = Fail(WebRtcError.HandshakeFailed, "The other side did not answer the DTLS handshake: " + DtlsErrors.Take());
                }
            }
        }

        Tell(failure);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_ssl == 0)
            {
                return;
            }

            if (_phase == DtlsPhase.Connected)
            {
                LibSsl.SSL_shutdown(_ssl);
            }

            _phase = DtlsPhase.Ended;
            LibSsl.SSL_free(_ssl);
            _ssl = 0;
            _self.Free();
            _context.DangerousRelease();
        }
    }

    /// <summary>Called by the BIO under our lock: gives the datagram in hand, once.</summary>
    internal int TakeDatagram(Span<byte> buffer)
    {
        var taken = Math.Min(_datagramLength, buffer.Length);
        if (taken > 0)
        {
            new ReadOnlySpan<byte>(_datagram, taken).CopyTo(buffer);
        }

        _datagramLength = 0;
        return taken;
    }

    /// <summary>Called by the BIO under our lock.</summary>
    internal void Transmit(ReadOnlySpan<byte> datagram) => _owner.SendDatagram(datagram);

    private void Advance(ReadOnlySpan<byte> datagram)
    {
        var isDone = false;
        WebRtcException? failure = null;
        lock (_gate)
        {
            if (_phase is DtlsPhase.Connected or DtlsPhase.Ended)
            {
                return;
            }

            _phase = DtlsPhase.Handshaking;
            fixed (byte* bytes = datagram)
            {
                _datagram = bytes;
                _datagramLength = datagram.Length;
                DtlsErrors.Clear();
                var result = LibSsl.SSL_do_handshake(_ssl);
                if (result == 1)
                {
                    isDone = _expected.Matches(_ssl);
                    _phase = DtlsPhase.Connected;
                    failure = isDone ? null : Refuse();
                }
                else if (LibSsl.SSL_get_error(_ssl, result) is not (LibSsl.ErrorWantRead or LibSsl.ErrorWantWrite))
                {
                    failure = Fail(WebRtcError.HandshakeFailed, "The DTLS handshake failed: " + DtlsErrors.Take());
                }

                _datagramLength = 0;
            }
        }

        Tell(failure);
        if (isDone)
        {
            _owner.HandshakeDone();
            Read(default); // What came in one datagram with the end of the handshake.
        }
    }

    private void Read(ReadOnlySpan<byte> datagram)
    {
        var record = _record ??= new byte[LongestRecord];
        fixed (byte* bytes = datagram)
        {
            var isNew = true;
            while (true)
            {
                int length;
                bool isMore, isFirst = isNew;
                WebRtcException? failure = null;
                lock (_gate)
                {
                    if (_phase != DtlsPhase.Connected)
                    {
                        return;
                    }

                    _datagram = bytes;
                    _datagramLength = isNew ? datagram.Length : 0;
                    isNew = false;
                    DtlsErrors.Clear();
                    length = LibSsl.SSL_read(_ssl, record, record.Length);
                    _datagramLength = 0;
                    isMore = LibSsl.SSL_has_pending(_ssl) != 0;
                    if (length <= 0)
                    {
                        failure = ReadFailure(LibSsl.SSL_get_error(_ssl, length));
                    }
                }

                if (length <= 0)
                {
                    if (failure is null && isFirst && !datagram.IsEmpty)
                    {
                        _owner.RefuseDatagram();
                    }

                    Tell(failure);
                    return;
                }

                _owner.TakePacket(record.AsSpan(0, length));
                if (!isMore)
                {
                    return;
                }
            }
        }
    }

    private WebRtcException? ReadFailure(int error) => error switch
    {
        LibSsl.ErrorWantRead or LibSsl.ErrorWantWrite => null,
        LibSsl.ErrorZeroReturn => Fail(WebRtcError.ClosedByPeer, "The other side ended the connection."),
        _ => Fail(WebRtcError.ClosedByPeer, "The DTLS association ended: " + DtlsErrors.Take()),
    };

    private WebRtcException Refuse()
    {
        LibSsl.SSL_shutdown(_ssl);
        return Fail(WebRtcError.FingerprintMismatch, "The certificate of the other side is not the one its description names; it was refused.");
    }

    private WebRtcException Fail(WebRtcError error, string message)
    {
        _phase = DtlsPhase.Ended;
        return new(error, message);
    }

    private void Tell(WebRtcException? failure)
    {
        if (failure is not null)
        {
            _owner.DtlsEnded(failure);
        }
    }

    /// <summary>Microseconds to the next repetition of a flight: 100 ms, doubled up to 1 s. OpenSSL's own begins at 1 s, which is what a lost hello would cost.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static uint NextTimeout(nint ssl, uint last) =>
        (uint)(last == 0 ? DtlsTimings.FirstTimeout.TotalMicroseconds : Math.Min(last * 2, DtlsTimings.LongestTimeout.TotalMicroseconds));
}
