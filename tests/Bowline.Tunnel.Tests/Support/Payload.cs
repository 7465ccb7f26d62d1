using System.Security.Cryptography;

namespace Bowline.Tunnel.Tests.Support;

/// <summary>Bytes that tell where they are, so a lost, repeated or reordered piece is found.</summary>
internal static class Payload
{
    public static byte[] Create(int length, int seed = 1)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    public static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>A content without a known length, so it is never inlined.</summary>
    public static HttpContent Streaming(byte[] bytes) => new StreamContent(new NoLengthStream(bytes));

    private sealed class NoLengthStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
