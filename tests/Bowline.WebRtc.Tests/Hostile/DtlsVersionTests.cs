using System.Buffers.Binary;

namespace Bowline.WebRtc.Tests.Hostile;

/// <summary>The oldest version of DTLS that is spoken is 1.2 (RFC 8827, section 6.5).</summary>
public sealed class DtlsVersionTests
{
    private const ushort Dtls10 = 0xfeff;
    private const ushort Dtls12 = 0xfefd;
    private const byte Alert = 21;
    private const byte ProtocolVersion = 70;

    /// <summary>Where a hello says its version: behind the headers of its record and its handshake message.</summary>
    private const int VersionOfHello = 13 + 12;

    [Theory]
    [InlineData(Dtls12, null)]
    [InlineData(Dtls10, WebRtcError.HandshakeFailed)]
    public void A_hello_of_an_older_version_is_refused(ushort version, WebRtcError? expected)
    {
        using var certificate = DtlsCertificate.Create(TimeProvider.System);
        var fingerprints = new PeerFingerprints([new("sha-256", certificate.Fingerprint.ToArray())]);
        var (caller, called) = (new Side(), new Side());
        using var client = new DtlsTransport(certificate.GetContext(), isClient: true, fingerprints, caller);
        using var server = new DtlsTransport(certificate.GetContext(), isClient: false, fingerprints, called);
        client.Begin();
        var hello = caller.Sent.Dequeue();
        Assert.Equal(Dtls12, BinaryPrimitives.ReadUInt16BigEndian(hello.AsSpan(VersionOfHello)));
        BinaryPrimitives.WriteUInt16BigEndian(hello.AsSpan(VersionOfHello), version);
        server.Receive(hello);
        if (expected is not null)
        {
            // What the server says to this hello alone: our client would end such a handshake by itself.
            var alert = Assert.Single(called.Sent);
            Assert.Equal((Alert, ProtocolVersion), (alert[0], alert[^1]));
        }

        while (called.Sent.TryDequeue(out var answer))
        {
            client.Receive(answer);
            while (caller.Sent.TryDequeue(out var next))
            {
                server.Receive(next);
            }
        }

        Assert.Equal(expected is null, called.IsDone);
        Assert.Equal(expected, called.Reason?.Error);
    }

    /// <summary>One side, which keeps what it would send.</summary>
    private sealed class Side : IDtlsOwner
    {
        public Queue<byte[]> Sent { get; } = [];

        public bool IsDone { get; private set; }

        public WebRtcException? Reason { get; private set; }

        public void SendDatagram(ReadOnlySpan<byte> datagram) => Sent.Enqueue(datagram.ToArray());

        public void HandshakeDone() => IsDone = true;

        public void TakePacket(ReadOnlySpan<byte> packet)
        {
        }

        public void RefuseDatagram()
        {
        }

        public void DtlsEnded(WebRtcException reason) => Reason = reason;
    }
}
