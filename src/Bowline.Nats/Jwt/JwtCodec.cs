using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Bowline.Core.Text;
using Bowline.Nats.NKeys;

namespace Bowline.Nats.Jwt;

/// <summary>The envelope of a token: header.claims.signature, each base64url; the signature covers the first two as ASCII.</summary>
internal static class JwtCodec
{
    // An account with thousands of revocations stays well below; anything longer is not a token but an attack on memory.
    private const int MaxLength = 1 << 20;
    private const int SignatureLength = 64;
    private static readonly string Header = Base64Url.EncodeToString("""{"typ":"JWT","alg":"ed25519-nkey"}"""u8);

    public static string Seal<T>(T claims, JsonTypeInfo<T> type, Func<T, string, T> withId, NKeyPair signer)
    {
        // The id need only be unique and stable for the same claims; servers do not verify it.
        var id = Base32.ToUpperString(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(claims, type)));
        var body = JsonSerializer.SerializeToUtf8Bytes(withId(claims, id), type);
        var signed = Header + "." + Base64Url.EncodeToString(body);
        return signed + "." + Base64Url.EncodeToString(signer.Sign(Encoding.ASCII.GetBytes(signed)));
    }

    public static bool TryOpen(string token, [NotNullWhen(true)] out byte[]? json, [NotNullWhen(false)] out string? error)
    {
        json = null;
        var first = token.IndexOf('.', StringComparison.Ordinal);
        var last = token.LastIndexOf('.');
        if (token.Length > MaxLength || first < 1 || last <= first
            || !TryFromBase64(token.AsSpan(0, first), out var header)
            || !TryFromBase64(token.AsSpan(first + 1, last - first - 1), out var body)
            || !TryFromBase64(token.AsSpan(last + 1), out var signature) || signature.Length != SignatureLength)
        {
            error = "The text is not a token of three base64url parts.";
            return false;
        }

        if (!TryRead(header, JwtJson.Context.JwtHeader, out var head, out error)
            || !TryRead(body, JwtJson.Context.JwtIssuer, out var claims, out error))
        {
            return false;
        }

        if (!string.Equals(head.Type, "JWT", StringComparison.OrdinalIgnoreCase) || head.Algorithm != "ed25519-nkey")
        {
            error = "The token is not signed with ed25519-nkey.";
            return false;
        }

        if (!NKeyPair.TryFromPublicKey(claims.Issuer, out var issuer))
        {
            error = "The token's issuer is not an nkey.";
            return false;
        }

        using (issuer)
        {
            if (!issuer.Verify(Encoding.ASCII.GetBytes(token, 0, last), signature))
            {
                error = "The token's signature is wrong.";
                return false;
            }
        }

        json = body;
        error = null;
        return true;
    }

    public static bool TryRead<T>(byte[] json, JsonTypeInfo<T> type, [NotNullWhen(true)] out T? value, [NotNullWhen(false)] out string? error)
        where T : class
    {
        error = null;
        value = null;
        try
        {
            value = JsonSerializer.Deserialize(json, type);
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
        {
            error = "The token's JSON does not have the shape of NATS claims: " + e.GetType().Name + ".";
            return false;
        }

        error = value is null ? "The token's JSON is null." : null;
        return value is not null;
    }

    private static bool TryFromBase64(ReadOnlySpan<char> text, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        if (text.Length == 0 || text.Contains('=') || !Base64Url.IsValid(text, out var length))
        {
            return false;
        }

        var buffer = new byte[length];
        if (!Base64Url.TryDecodeFromChars(text, buffer, out var written) || written != length)
        {
            return false;
        }

        bytes = buffer;
        return true;
    }
}
