using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Bowline.Core.Identity;

namespace Bowline.Node.HubAccess;

/// <summary>
/// Makes the tokens by which this device proves itself to its hub: a JWT signed with the device key (EdDSA, RFC 8037), for one hub,
/// for 60 s, with a random id that the hub accepts once.
/// </summary>
internal sealed class DeviceTokenMaker(DeviceKey key, string audience, HubClock clock)
{
    // 60 s: the contract's life; long enough for a slow network, too short to be worth stealing.
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(60);
    private static readonly string Header = Base64Url.EncodeToString("""{"alg":"EdDSA","typ":"JWT"}"""u8);

    /// <summary>A token for one request.</summary>
    public string Make()
    {
        var now = clock.HubNow.ToUnixTimeSeconds();
        var claims = new DeviceClaims(
            key.Id.ToString(),
            audience,
            now,
            now + (long)Life.TotalSeconds,
            Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16)));
        var body = Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(claims, NodeJson.Default.DeviceClaims));
        var signed = $"{Header}.{body}";
        return $"{signed}.{Base64Url.EncodeToString(key.Sign(Encoding.ASCII.GetBytes(signed)))}";
    }
}
