using Bowline.Core.Identity;
using Bowline.Hub.Devices;
using Bowline.Hub.NatsServer;
using Bowline.Hub.Problems;
using Bowline.Nats.Jwt;
using Bowline.Nats.NKeys;

namespace Bowline.Hub.Links;

/// <summary>Mints the short-lived credentials of a link.</summary>
internal sealed class LinkSessionService(INatsBackend nats, LinkCredentialStore credentials, DeviceStore devices, HubOptions options, TimeProvider time)
{
    private const int MaxText = 64;
    private const int MaxCapabilities = 32;
    private static readonly string[] Protocols = ["tunnel.v2"];

    public (LinkSessionResponse? Response, HubProblemCode? Refusal) Open(DeviceId device, LinkSessionRequest request, Uri origin)
    {
        if (!IsSane(request) || (request.PublicKey is { } given && !NKeyPair.IsPublicKey(given, NKeyType.User)))
        {
            return (null, HubProblemCode.BadRequest);
        }

        if (devices.Find(device)?.AccountId is not { } owner)
        {
            return (null, HubProblemCode.DeviceUnknown);
        }

        if (nats.Url is null)
        {
            return (null, HubProblemCode.LinkSessionUnavailable);
        }

        using var fresh = request.PublicKey is null ? NKeyPair.Create(NKeyType.User) : null;
        var publicKey = request.PublicKey ?? fresh!.PublicKey;
        var expires = time.GetUtcNow() + options.LinkSessionLife;
        if (!credentials.TryAdd(publicKey, device, expires))
        {
            // The device was revoked in this moment; or the key is another device's, or was revoked.
            return (null, devices.Find(device) is null ? HubProblemCode.DeviceUnknown : HubProblemCode.BadRequest);
        }

        if (request.MachineName is { Length: > 0 } machine && request.Version is { Length: > 0 } version)
        {
            devices.Describe(device, machine, version);
        }

        var token = Mint(device, publicKey, expires);
        Telemetry.LinkSessions.Add(1);
        var secret = fresh is null ? token : new NatsCreds(token, fresh.Seed).Format();
        return (new LinkSessionResponse(new LinkConnection(Urls(origin), secret), expires, LinkPermissions.TunnelHostname(device), device.ToString(), Protocols, owner), null);
    }

    private string Mint(DeviceId device, string publicKey, DateTimeOffset expires) => NatsJwt.Encode(
        new UserClaims { Name = device.ToString(), Subject = publicKey, Expires = expires, User = LinkPermissions.For(device, nats.LinkAccount) },
        nats.LinkSigningKey,
        time);

    private List<string> Urls(Uri origin)
    {
        if (nats.Url?.Scheme != "nats")
        {
            return [.. nats.PublishedUrls.Select(u => u.ToString())];
        }

        var bridge = new UriBuilder(origin) { Scheme = origin.Scheme == Uri.UriSchemeHttps ? "wss" : "ws", Path = "/nats" }.Uri;
        return [bridge.ToString(), .. nats.PublishedUrls.Select(u => u.ToString())];
    }

    private static bool IsSane(LinkSessionRequest request) =>
        IsText(request.MachineName) && IsText(request.Version)
        && (request.Capabilities is null || (request.Capabilities.Count <= MaxCapabilities && request.Capabilities.All(IsText)));

    private static bool IsText(string? text) => text is null || (text.Length <= MaxText && !text.Any(char.IsControl));
}
