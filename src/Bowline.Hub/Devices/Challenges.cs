using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Bowline.Core.Identity;

namespace Bowline.Hub.Devices;

/// <summary>
/// Challenges without memory: an expiry and 16 random bytes sealed by an HMAC over code and device, under a key that
/// lives as long as the process. Nothing to fill up, nothing to clean.
/// </summary>
internal sealed class Challenges(TimeProvider time)
{
    /// <summary>A node signs in milliseconds; a person is not involved between the two steps.</summary>
    internal static readonly TimeSpan Life = TimeSpan.FromMinutes(2);

    private const int Size = 32;
    private const int MacSize = 16;

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    public string Create(string normalCode, DeviceId device)
    {
        Span<byte> challenge = stackalloc byte[Size];
        BitConverter.TryWriteBytes(challenge, (time.GetUtcNow() + Life).ToUnixTimeMilliseconds());
        RandomNumberGenerator.Fill(challenge[8..^MacSize]);
        Mac(challenge[..^MacSize], normalCode, device).CopyTo(challenge[^MacSize..]);
        return Base64Url.EncodeToString(challenge);
    }

    public bool IsValid(string? text, string normalCode, DeviceId device)
    {
        Span<byte> challenge = stackalloc byte[Size];
        return text is { Length: 43 }
            && Base64Url.IsValid(text)
            && Base64Url.TryDecodeFromChars(text, challenge, out var written) && written == Size
            && CryptographicOperations.FixedTimeEquals(challenge[^MacSize..], Mac(challenge[..^MacSize], normalCode, device))
            && BitConverter.ToInt64(challenge) > time.GetUtcNow().ToUnixTimeMilliseconds();
    }

    private ReadOnlySpan<byte> Mac(ReadOnlySpan<byte> head, string normalCode, DeviceId device)
    {
        byte[] data = [.. head, .. Encoding.ASCII.GetBytes($"{normalCode}\n{device}")];
        return HMACSHA256.HashData(_key, data).AsSpan(0, MacSize);
    }
}
