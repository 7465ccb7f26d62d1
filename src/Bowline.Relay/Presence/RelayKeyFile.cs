using System.Security.Cryptography;
using System.Text;
using Bowline.Core.Files;
using Bowline.Nostr;

namespace Bowline.Relay;

/// <summary>The relay's own key, in a file of mode 0600 with 64 hex digits.</summary>
public static class RelayKeyFile
{
    /// <summary>Reads the key, or makes one when there is no file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">The file holds no key, or others may read it.</exception>
    public static NostrKey LoadOrCreate(string path)
    {
        if (SecretFile.TryRead(path, out var content))
        {
            try
            {
                return Parse(content) ?? throw new InvalidDataException($"{path} holds no key: it must have 64 hex digits. Move it away and start again to get a new one.");
            }
            finally
            {
                CryptographicOperations.ZeroMemory(content);
            }
        }

        var key = NostrKey.Create();
        Span<byte> secret = stackalloc byte[NostrKey.SecretSize];
        key.CopySecret(secret);
        Span<byte> hex = stackalloc byte[2 * NostrKey.SecretSize];
        _ = Convert.TryToHexStringLower(secret, hex, out _);
        SecretFile.Write(path, hex);
        CryptographicOperations.ZeroMemory(secret);
        CryptographicOperations.ZeroMemory(hex);
        return key;
    }

    private static NostrKey? Parse(ReadOnlySpan<byte> content)
    {
        Span<byte> secret = stackalloc byte[NostrKey.SecretSize];
        Span<char> hex = stackalloc char[2 * NostrKey.SecretSize];
        content = content.TrimEnd("\r\n "u8);
        try
        {
            return content.Length == hex.Length
                && Encoding.UTF8.TryGetChars(content, hex, out var length) && length == hex.Length
                && Convert.FromHexString(hex, secret, out _, out _) == System.Buffers.OperationStatus.Done
                && NostrKey.TryFromSecret(secret, out var key) ? key : null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
            hex.Clear();
        }
    }
}
