using Bowline.Core.Identity;
using Bowline.Hub.Hosting;
using Bowline.Hub.Problems;
using Microsoft.AspNetCore.Http;

namespace Bowline.Hub.Devices;

/// <summary>Decides whether a device token is good for this request.</summary>
internal sealed class DeviceAuthenticator(DeviceStore devices, NonceCache nonces, HubNames names, TimeProvider time)
{
    /// <summary>The longest life a token may claim.</summary>
    internal static readonly TimeSpan MaxLife = TimeSpan.FromSeconds(60);

    /// <summary>Clocks of laptops drift; half a token's life is forgiven, and nonces are kept as much longer.</summary>
    internal static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);

    /// <summary>The device, or why the token is refused.</summary>
    public (DeviceId? Device, HubProblemCode? Refusal) Authenticate(string text, HttpContext context)
    {
        if (!DeviceToken.TryRead(text, out var token))
        {
            return (null, HubProblemCode.TokenInvalid);
        }

        var now = time.GetUtcNow();
        if (token.ExpiresAt - token.IssuedAt > MaxLife || token.IssuedAt > now + Skew || token.ExpiresAt + Skew <= now)
        {
            return (null, HubProblemCode.TokenExpired);
        }

        if (!names.IsOwnOrigin(token.Audience, context))
        {
            return (null, HubProblemCode.TokenInvalid);
        }

        if (devices.Find(token.Device) is null)
        {
            return (null, HubProblemCode.DeviceUnknown);
        }

        return nonces.Use(token.Device.ToString(), token.Nonce, token.ExpiresAt + Skew) switch
        {
            NonceVerdict.Fresh => (token.Device, null),
            NonceVerdict.Replayed => (null, HubProblemCode.TokenReplayed),
            _ => (null, HubProblemCode.TooMany),
        };
    }
}
