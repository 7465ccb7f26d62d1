using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Bowline.Core.Identity;

namespace Bowline.Hub.Devices;

/// <summary>A JWT that a device signed with its own key: <c>{"alg":"EdDSA","typ":"JWT"}</c>, verified by the key that <c>sub</c> spells.</summary>
internal sealed record DeviceToken(DeviceId Device, string Audience, DateTimeOffset IssuedAt, DateTimeOffset ExpiresAt, string Nonce)
{
    /// <summary>Far above a real token (about 400), far below anything worth parsing for an attacker.</summary>
    internal const int MaxLength = 2048;

    private const int MaxNonce = 64;

    /// <summary>Parses the token and checks its signature; says nothing about time, audience or enrolment.</summary>
    public static bool TryRead(string text, [NotNullWhen(true)] out DeviceToken? token)
    {
        token = null;
        var parts = text.Length <= MaxLength ? text.Split('.', 4) : [];
        if (parts.Length != 3 || !TryDecode(parts[0], out var header) || !TryDecode(parts[1], out var claims) || !TryDecode(parts[2], out var signature))
        {
            return false;
        }

        if (!TryParse(header, DeviceTokenJson.Default.DeviceTokenHeader, out var h) || h is not { Alg: "EdDSA", Typ: "JWT" }
            || !TryParse(claims, DeviceTokenJson.Default.DeviceTokenClaims, out var c)
            || !DeviceId.TryParse(c.Sub, out var device)
            || c.Aud is not { Length: > 0 } || c.Jti is not { Length: > 0 and <= MaxNonce }
            || !TryTime(c.Iat, out var issued) || !TryTime(c.Exp, out var expires))
        {
            return false;
        }

        if (!device.Verify(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), signature))
        {
            return false;
        }

        token = new DeviceToken(device, c.Aud, issued, expires, c.Jti);
        return true;
    }

    private static bool TryTime(long seconds, out DateTimeOffset time)
    {
        var valid = seconds is > 0 and < 253_402_300_800; // the year 10000
        time = valid ? DateTimeOffset.FromUnixTimeSeconds(seconds) : default;
        return valid;
    }

    private static bool TryDecode(string text, out byte[] bytes)
    {
        bytes = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        if (!Base64Url.IsValid(text) || !Base64Url.TryDecodeFromChars(text, bytes, out var written))
        {
            return false;
        }

        bytes = bytes[..written];
        return true;
    }

    private static bool TryParse<T>(byte[] json, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type, [NotNullWhen(true)] out T? value)
        where T : class
    {
        try
        {
            value = JsonSerializer.Deserialize(json, type);
            return value is not null;
        }
        catch (JsonException)
        {
            value = null;
            return false;
        }
    }
}

internal sealed record DeviceTokenHeader(string? Alg, string? Typ);

internal sealed record DeviceTokenClaims(string? Sub, string? Aud, long Iat, long Exp, string? Jti);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(DeviceTokenHeader))]
[JsonSerializable(typeof(DeviceTokenClaims))]
internal sealed partial class DeviceTokenJson : JsonSerializerContext;
