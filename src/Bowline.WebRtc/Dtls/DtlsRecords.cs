using System.Buffers.Binary;

namespace Bowline.WebRtc;

/// <summary>
/// Looks at the records of a datagram before OpenSSL does (RFC 6347, section 4.1). OpenSSL 3.0 ends an association at an encrypted record that
/// is too short for its nonce and tag, where the RFC has it dropped: anybody who can send a datagram with the right addresses could end it.
/// </summary>
internal static class DtlsRecords
{
    private const int HeaderSize = 13;
    private const int OffsetEpoch = 3;
    private const int OffsetLength = 11;

    /// <summary>The nonce (8 bytes) and the tag (16) of AES-GCM in DTLS 1.2, the only ciphers we offer.</summary>
    private const int ShortestEncrypted = 24;

    /// <summary>False when a record of it is cut off, or encrypted and too short to be one.</summary>
    internal static bool AreWhole(ReadOnlySpan<byte> datagram)
    {
        while (!datagram.IsEmpty)
        {
            if (datagram.Length < HeaderSize)
            {
                return false;
            }

            int length = BinaryPrimitives.ReadUInt16BigEndian(datagram[OffsetLength..]);
            var isEncrypted = BinaryPrimitives.ReadUInt16BigEndian(datagram[OffsetEpoch..]) != 0;
            if (length > datagram.Length - HeaderSize || (isEncrypted && length < ShortestEncrypted))
            {
                return false;
            }

            datagram = datagram[(HeaderSize + length)..];
        }

        return true;
    }
}
