using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Bowline.Hub.Accounts;

/// <summary>Random secrets and their stored form. They carry at least 60 random bits, so a plain SHA-256 hides them.</summary>
internal static class Secrets
{
    /// <summary>A new secret of 32 random bytes as base64url (43 characters).</summary>
    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>A new public identifier of 10 random bytes as lower-case hex.</summary>
    public static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(10));

    public static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
